package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of the heap the engine of a user takes who has done something and does nothing now. */
final class IdleHeapTest {
    private static final int USERS = 5_000;
    private static final long MOST_BYTES = 2_048;
    /** Less than any engine takes: else nothing was measured. */
    private static final long FEWEST_BYTES = 500;

    private final FakeAlarms alarms = new FakeAlarms();
    private final FakeCatalog catalog = new FakeCatalog();
    private final EngineLimits limits = EngineLimits.defaults();
    private final RoomDirectory directory = directory();

    /** Nobody remembers threads here, and so what ran in them. */
    private RoomDirectory directory() {
        EngineEnvironment environment = new EngineEnvironment(
                alarms, alarms::nanoTime, new SecureRandom(), Thread.ofVirtual().factory(),
                Thread.ofPlatform().daemon(true).factory());
        return new RoomDirectory(new RoomParts(
                limits,
                environment,
                new MemoryJournal(limits, environment),
                catalog,
                new PlatformShare(limits.platform()),
                alarms,
                new AgUiEvents(alarms),
                new Identity(environment.random()),
                new AttachmentFolder(Path.of("nowhere"))));
    }

    @AfterEach
    void close() {
        directory.shutDown(Duration.ZERO);
    }

    @Test
    void anIdleEngineTakesNoMoreThanItsLimit() throws RefusedException {
        catalog.add("one", context -> {
            context.message().write("done");
            return AgentResult.done();
        });
        List<UserId> ids = IntStream.range(0, USERS).mapToObj(i -> Premises.id("user-" + i)).toList();
        List<UserExecutionEngine.Lease> leases = new ArrayList<>(USERS);
        for (UserId id : ids) {
            UserExecutionEngine.Lease lease = directory.open(id);
            leases.add(lease);
            TestUser user = new TestUser(id, lease);
            user.run("t", "one", "");
        }
        long idle = Heap.usedBytes();
        leases.forEach(UserExecutionEngine.Lease::close);
        leases.clear();
        Await.until("all are evicted", () -> {
            alarms.advance(limits.user().idleEviction());
            return directory.liveRooms() == 0;
        });
        long each = (idle - Heap.usedBytes()) / USERS;

        assertTrue(FEWEST_BYTES < each && each <= MOST_BYTES, () -> each + " bytes each");
    }
}
