package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.endtoend.FaultyFiles.Fault;
import io.insula.endtoend.FrailConnection.LostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * The disk under the journal fails while many users are at work: new work is refused, what was acknowledged stays, and
 * when the disk is well again everything goes on.
 */
class TroubleIT {
    private static final int USERS = 12;
    private static final int MESSAGES_BEFORE = 200;
    private static final Recording.Closed UNAVAILABLE = new Recording.Closed(1013, "journal unavailable");
    private static final Set<String> FAREWELL = Set.of(UNAVAILABLE.code() + " " + UNAVAILABLE.reason());

    /** A thing that is done to the disk. */
    private interface Blow {
        void strike() throws Exception;
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "SYNC_WAITS", mode = EnumSource.Mode.EXCLUDE)
    void whatFailsBelowTheJournalRefusesNewWorkUntilItIsWellAndLosesNothing(Fault fault) throws Exception {
        var files = FaultyFiles.in(folder);
        endure(Installation.withScenarios(folder), files.environment(), () -> files.inflict(fault), files::heal);
        assertTrue(SyncTrace.of(files.trace()).failedSyncs() > 0 || fault != Fault.SYNC_FAILS);
    }

    @Test
    void aFullDiskRefusesNewWorkUntilThereIsRoomAndLosesNothing() throws Exception {
        try (var disk = SmallDisk.in(folder, 64)) {
            var installation = new Installation(Installation.withScenarios(folder).home(), disk.path().resolve("data"));
            endure(installation, PackagedApp.ROOMY, disk::fill, disk::free);
        }
    }

    private static void endure(Installation installation, Map<String, String> environment, Blow trouble, Blow cure)
            throws Exception {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("trouble: seed " + seed + " (-Dinsula.crash.seed)");
        var users = BusyCrowd.of(USERS, "troubled", new Random(seed));
        try (var app = PackagedApp.start(installation, environment)) {
            var readiness = new Readiness(app);
            readiness.awaitReady();
            var work = users.start(user -> user.work(app, Long.MAX_VALUE));
            users.awaitEvents(MESSAGES_BEFORE, Moment.DEADLINE);
            var witness = app.user("witness");
            witness.awaitText(witness.start("wait-for-stop", "").run(), "waiting");
            long from = System.currentTimeMillis();

            trouble.strike();

            work.join();
            assertEquals(UNAVAILABLE, witness.awaitClose());
            assertTrue(witness.frames().getLast().contains("journal-unavailable"), () -> witness.frames().getLast());
            readiness.awaitJournalUnavailable();
            assertRefused(app);
            cure.strike();
            readiness.awaitReady();
            awaitAccepted(app);
            var outage = new Outage(from, System.currentTimeMillis());
            users.start(user -> user.finish(app, List.of(outage))).join();
        }
        // Once more from the file alone, without what the process knew.
        try (var again = PackagedApp.start(installation, environment)) {
            users.start(user -> user.finish(again, List.of(new Outage(0, Long.MAX_VALUE)))).join();
        }
        System.out.println("trouble: " + users.report());
        assertEquals("", users.findings(), "seed " + seed);
        assertTrue(FAREWELL.containsAll(users.farewells()), () -> users.farewells().toString());
    }

    /** Who comes meanwhile is not let in, or is refused with the one code. */
    private static void assertRefused(PackagedApp app) throws InterruptedException {
        try (var connection = FrailConnection.open(app.webSocket(), app.token("newcomer"), frame -> {})) {
            var reply = connection.call(run(connection));
            assertEquals("journal-unavailable", reply.path("code").asString(), reply::toString);
        } catch (LostException notLetIn) {
            assertTrue(notLetIn.getCause() != null, notLetIn::toString);
        }
    }

    private static ObjectNode run(FrailConnection connection) {
        return connection.message("run.start").put("request", UUID.randomUUID().toString())
                .put("agent", "echo").put("input", "marker=new").put("thread", "t");
    }

    /** Where nobody tells that it is ready, trying tells. */
    private static void awaitAccepted(PackagedApp app) {
        Eventually.await("new work to be accepted", () -> isAccepted(app), app::output);
        try (var user = app.user("newcomer")) {
            assertSuccess(user.awaitEnd(user.start("echo", "marker=well").run()));
        }
    }

    private static boolean isAccepted(PackagedApp app) {
        try (var connection = FrailConnection.open(app.webSocket(), app.token("newcomer"), frame -> {})) {
            return connection.call(run(connection)).path("type").asString().equals("accepted");
        } catch (LostException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
