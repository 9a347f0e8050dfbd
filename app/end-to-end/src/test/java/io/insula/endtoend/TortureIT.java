package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.endtoend.FrailConnection.LostException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users by the thousand whose threads, runs and requests have the same ids come, go, stop, answer and fail at once, and
 * some of their connections are never read. Every frame of every connection is looked at: whose it is, whether it is
 * where it belongs, and whether anything is missing.
 */
class TortureIT {
    private static final int USERS = Integer.getInteger("insula.torture.users", 1_000);
    private static final int CONNECTIONS_EACH = Integer.getInteger("insula.torture.connections", 13);
    /** One user of so many has a connection that nobody reads. */
    private static final int USERS_PER_SLOW_ONE = 10;

    @TempDir
    private Path folder;

    private final Queue<FrailConnection> stalled = new ConcurrentLinkedQueue<>();

    @Test
    void nothingOfOneUserReachesAnotherAndNothingIsMissing() throws IOException {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("torture: seed " + seed + " (-Dinsula.crash.seed), users " + USERS);
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_JAVA_OPTIONS", "-Xmx1g");
        try (var app = PackagedApp.start(Installation.withScenarios(folder), environment)) {
            var users = BusyCrowd.ofNamesakes(USERS, "torture", new Random(seed));
            long begun = System.nanoTime();

            users.start(user -> {
                if (user.subject().hashCode() % USERS_PER_SLOW_ONE == 0) {
                    stall(app, user);
                }
                user.comeAndGo(app, CONNECTIONS_EACH);
            }).join();
            users.start(user -> user.finish(app, List.of())).join();

            System.out.println("torture: " + users.report() + ", " + stalled.size() + " connections never read, in "
                    + (System.nanoTime() - begun) / 1_000_000_000 + " s");
            assertEquals("", users.findings(), "seed " + seed);
            assertEquals(Set.of(), users.farewells());
        } finally {
            stalled.forEach(FrailConnection::close);
        }
    }

    private void stall(PackagedApp app, BusyUser user) throws LostException, InterruptedException {
        var connection = FrailConnection.open(app.webSocket(), app.token(user.subject()), frame -> {});
        stalled.add(connection);
        connection.call(connection.message("subscribe").put("after", "start"));
        connection.stall();
    }
}
