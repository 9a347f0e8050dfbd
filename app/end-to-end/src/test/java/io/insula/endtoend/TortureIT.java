package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.insula.endtoend.FrailConnection.LostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users by the thousand whose threads, runs and requests have the same ids come, go, stop, answer and fail at once, some
 * of their connections are never read, and meanwhile every plugin is replaced by a newer version as often as that is to
 * be had. Every frame of every connection is looked at: whose it is, whether it is where it belongs, and whether anything
 * is missing. Nobody notices that plugins are replaced, and nothing is left of the old versions.
 */
class TortureIT {
    private static final int USERS = Integer.getInteger("insula.torture.users", 1_000);
    /** The time over which users come and go; without it each does what it does as fast as it can. */
    private static final Duration LASTS = Duration.ofMinutes(Long.getLong("insula.torture.minutes", 0));
    /** They come to about twenty runs each. */
    private static final int CONNECTIONS_EACH = 13;
    private static final int PARTS_PER_FINISH = 10;
    /** One user of so many has a connection that nobody reads. */
    private static final int USERS_PER_SLOW_ONE = 10;
    /**
     * As many old versions as there may be: so many swaps wait for no run to end, however slow the users are, and they
     * are waited for while runs are under way.
     */
    private static final int FEWEST_SWAPS = 3;

    @TempDir
    private Path folder;

    private final Queue<FrailConnection> stalled = new ConcurrentLinkedQueue<>();

    @Test
    void nothingOfOneUserReachesAnotherAndNothingIsMissing() throws IOException {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("torture: seed " + seed + " (-Dinsula.crash.seed), users " + USERS);
        var environment = new HashMap<>(PackagedApp.ROOMY);
        // The JDK keeps what it has made of a record's methods behind soft references, which would count as left.
        environment.put("INSULA_JAVA_OPTIONS", "-Xmx1g -XX:-DisableAttachMechanism -XX:SoftRefLRUPolicyMSPerMB=0");
        environment.put("INSULA_TRANSPORT_CONNECTIONS_TOTAL", "20000");
        var random = new Random(seed);
        try (var app = PackagedApp.start(Installation.withScenarios(folder), environment);
                var swaps = SwapStorm.over(app, Files.createDirectory(folder.resolve("workshop")))) {
            torture(app, swaps, BusyCrowd.ofNamesakes(USERS, "torture", random), "seed " + seed);
            swaps.subside();
            new ServedPlugins(app).awaitLoaders(swaps.plugins());
        } finally {
            stalled.forEach(FrailConnection::close);
        }
    }

    private void torture(PackagedApp app, SwapStorm swaps, BusyCrowd users, String seed) {
        long begun = System.nanoTime();
        users.start(user -> {
            if (user.subject().hashCode() % USERS_PER_SLOW_ONE == 0) {
                stall(app, user);
            }
            user.comeAndGo(app, CONNECTIONS_EACH, LASTS);
        }).join();
        swaps.awaitSwaps(FEWEST_SWAPS);
        users.start(user -> {
            user.rest(LASTS.dividedBy(PARTS_PER_FINISH));
            user.finish(app, List.of());
        }).join();

        System.out.println("torture: " + users.report() + ", " + stalled.size() + " connections never read, "
                + swaps.report() + ", refusals " + users.refusals() + ", in "
                + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        assertEquals("", users.findings(), seed);
        assertFalse(users.refusals().contains("agent-unknown"), seed);
        assertEquals(Set.of(), users.farewells());
        stalled.forEach(FrailConnection::close);
    }

    private void stall(PackagedApp app, BusyUser user) throws LostException, InterruptedException {
        var connection = FrailConnection.open(app.webSocket(), app.token(user.subject()), frame -> {});
        stalled.add(connection);
        connection.call(connection.message("subscribe").put("after", "start"));
        connection.stall();
    }
}
