package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What many users are told at once fits together. It is what must not change when the process is killed meanwhile. */
@ExtendWith(SharedApp.class)
class BusyUsersIT {
    private static final int USERS = 24;
    private static final int DEEDS = 60;

    private final PackagedApp app;

    BusyUsersIT(PackagedApp app) {
        this.app = app;
    }

    @Test
    void whatManyUsersAreToldAtOnceFitsTogether() {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("busy users: seed " + seed + " (-Dinsula.crash.seed)");
        var users = BusyCrowd.of(USERS, "busy", new Random(seed));

        users.start(user -> user.work(app, DEEDS)).join();
        users.start(user -> user.finish(app, List.of())).join();

        System.out.println("busy users: " + users.report());
        assertEquals("", users.findings(), "seed " + seed);
        assertEquals(Set.of(), users.farewells());
    }
}
