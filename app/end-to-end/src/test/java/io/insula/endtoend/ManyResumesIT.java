package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However often the connections of many users break while runs go on, each sees what is stored, once and in order. */
@ExtendWith(SharedApp.class)
class ManyResumesIT {
    private static final int USERS = 200;
    private static final int CONNECTIONS_EACH = 5;

    private final PackagedApp app;

    ManyResumesIT(PackagedApp app) {
        this.app = app;
    }

    @Test
    void whoeverComesBackToRunsUnderWaySeesWhatIsStoredOnceAndInOrder() {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("resumes: seed " + seed + " (-Dinsula.crash.seed)");
        var users = BusyCrowd.of(USERS, "resume", new Random(seed));

        users.start(user -> user.comeAndGo(app, CONNECTIONS_EACH, Duration.ZERO)).join();
        users.start(user -> user.finish(app, List.of())).join();

        System.out.println("resumes: " + users.report());
        assertEquals("", users.findings(), "seed " + seed);
        assertEquals(Set.of(), users.farewells());
    }
}
