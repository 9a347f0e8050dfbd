package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template for authors, in the packaged application. */
class PluginTemplateIT {
    @TempDir
    private Path folder;

    @Test
    void theTemplatePassesTheGateAndKeepsNotesForEachUserAlone() throws Exception {
        var installation = Installation.withPlugins(folder, List.of());
        Files.copy(Path.of(System.getProperty("insula.template.plugin")), installation.plugins().resolve("notes.jar"));

        try (var app = PackagedApp.start(installation); var ada = app.user("ada"); var bob = app.user("bob")) {
            var keep = ada.start("notes", "buy milk");
            ada.succeed(ada.answer(keep.run(), ada.awaitQuestion(keep.run())).put("answer", true));
            assertSuccess(ada.awaitEnd(keep.run()));
            assertEquals("Kept.", ada.said(keep.run()));

            assertEquals("- buy milk", toldBy(ada));
            assertEquals("There are no notes yet.", toldBy(bob));
        }
    }

    private static String toldBy(InsulaClient user) {
        var tell = user.start("notes", " ");
        assertSuccess(user.awaitEnd(tell.run()));
        return user.said(tell.run());
    }
}
