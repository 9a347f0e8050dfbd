package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More users with unfinished runs than there may be engines: limits hold also after a restart. */
final class RecoveryInTurnTest {
    private static final int ENGINES = 3;
    private static final int USERS = 8;

    @RegisterExtension
    final Restarts restarts = new Restarts();

    @Test
    void theRunsOfAllUsersGoOnOneAfterTheOther() {
        AtomicBoolean opened = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        restarts.catalog.addResumable("works", context -> {
            begun.incrementAndGet();
            if (!opened.get()) {
                new CountDownLatch(1).await();
            }
            return AgentResult.done();
        });
        Map<String, RunId> runs = new HashMap<>();
        for (int i = 0; i < USERS; i++) {
            runs.put("user" + i, restarts.user("user" + i).start("t", "works", ""));
        }
        Await.until("all are at work", () -> begun.get() == USERS);
        restarts.crash();
        opened.set(true);
        restarts.restartWith(TestLimits.platform(1_000, 20_000, ENGINES));
        assertTrue(restarts.directory().liveRooms() <= ENGINES);
        Await.until("all have ended", () -> {
            restarts.advance(Duration.ofSeconds(1));
            return runs.entrySet().stream().allMatch(run -> restarts.disk
                    .run(Premises.id(run.getKey()), run.getValue())
                    .orElseThrow()
                    .state() == RunState.COMPLETED);
        });
        assertTrue(restarts.directory().liveRooms() <= ENGINES);
    }
}
