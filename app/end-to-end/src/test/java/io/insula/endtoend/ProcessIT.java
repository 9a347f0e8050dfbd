package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as a whole: it starts anywhere, alone on its data, and goes down in good order. */
class ProcessIT {
    @TempDir
    private Path folder;

    @Test
    void servesInTurkishAndSaysGoodbyeWhenItIsTerminated() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_JAVA_OPTIONS",
                "-Duser.language=tr -Duser.country=TR -Duser.timezone=America/New_York -Dfile.encoding=ISO-8859-9");
        var installation = Installation.withScenarios(folder);
        try (var app = PackagedApp.start(installation, environment)) {
            var user = app.user("TITLE-user");
            assertSuccess(user.awaitEnd(user.start("steps", "").run()));
            var asked = user.start("asker", "kind=choice");
            var question = user.awaitQuestion(asked.run());
            user.succeed(user.answer(asked.run(), question).put("answer", "right"));
            assertSuccess(user.awaitEnd(asked.run()));
            assertEquals("choice: right", user.said(asked.run()));
            assertEquals("thread-busy", busyCode(user));

            assertSecondProcessIsRefused(app);

            var waiting = user.start("wait-for-stop", "");
            user.awaitText(waiting.run(), "waiting");
            app.signal("TERM");

            assertEquals(new Recording.Closed(1001, "going away"), user.awaitClose());
            int status = app.awaitExit();
            assertTrue(Set.of(0, 143).contains(status), () -> "status " + status + ": " + app.output());
            assertFalse(app.output().contains("Exception"), app::output);
            user.assertOrder();
        }

        try (var again = PackagedApp.start(installation); var user = again.user("TITLE-user")) {
            assertSuccess(user.awaitEnd(user.start("hello", "again").run()));
        }
    }

    private static String busyCode(InsulaClient user) {
        var started = user.start("wait-for-stop", "", "t");
        user.awaitText(started.run(), "waiting");
        String code = user.refused(user.run("echo", "", "t").put("whenBusy", "reject"));
        user.cancel(started.run());
        return code;
    }

    private static void assertSecondProcessIsRefused(PackagedApp app) throws Exception {
        try (var second = PackagedApp.launch(app.installation(), Map.of())) {
            assertNotEquals(0, second.awaitExit());
            assertTrue(second.output().contains("in use"), second::output);
            assertFalse(second.output().contains("\tat "), second::output);
        }
    }

    /** A build in the background may have been told to ignore interrupts, which no child of it can undo. */
    private static boolean ignoresInterrupts() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(ignored -> (ignored & 2) != 0);
    }

    @Test
    void anInterruptFromTheTerminalStopsItCleanlyWithWorkUnderWay() throws Exception {
        assumeFalse(ignoresInterrupts(), "this build ignores interrupts, and so does what it starts");
        try (var app = PackagedApp.start(Installation.withScenarios(folder))) {
            var user = app.user("interrupted");
            user.start("busy-loop", "seconds=30");
            user.start("asker", "kind=text");
            var waiting = user.start("wait-for-stop", "");
            user.awaitText(waiting.run(), "waiting");

            app.signal("INT");

            assertEquals(new Recording.Closed(1001, "going away"), user.awaitClose());
            int status = app.awaitExit();
            assertTrue(Set.of(0, 130).contains(status), () -> "status " + status + ": " + app.output());
            assertFalse(app.output().contains("Exception"), app::output);
            user.assertOrder();
        }
    }

    @Test
    void aSettingThatDoesNotExistIsAnErrorThatSaysWhichIsMeant() throws Exception {
        try (var app = PackagedApp.launch(Installation.withPlugins(folder, java.util.List.of()),
                Map.of("INSULA_HTTP_PROT", "0"))) {
            assertNotEquals(0, app.awaitExit());
            assertTrue(app.output().contains("INSULA_HTTP_PROT") && app.output().contains("INSULA_HTTP_PORT"),
                    app::output);
        }
    }
}
