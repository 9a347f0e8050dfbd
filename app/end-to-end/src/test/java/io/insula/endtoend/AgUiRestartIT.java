package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A question to a client of AG-UI outlives the server's process and the client's: both are others when it is answered.
 * The scenarios are functions of {@code ag-ui.mjs}, which keep what a client keeps in a file.
 */
class AgUiRestartIT {
    private static final Path CLIENT = Path.of(System.getProperty("insula.ag-ui.client"));

    @TempDir
    private Path folder;

    @Test
    void anAgentThatCanResumeTakesTheAnswerAfterTheServerWasKilled() throws Exception {
        playOverAKill("questionOfAdvisor", "answerToAdvisor");
    }

    @Test
    void anAgentThatCannotIsNotAnsweredAndItsThreadGoesOn() throws Exception {
        playOverAKill("questionOfAsker", "answerToAsker");
    }

    private void playOverAKill(String before, String after) throws Exception {
        var installation = Installation.withScenarios(folder);
        try (var app = PackagedApp.start(installation)) {
            play(app, before);
            app.kill();
        }
        try (var app = PackagedApp.start(installation)) {
            play(app, after);
        }
    }

    private void play(PackagedApp app, String scenario) throws Exception {
        var environment = Map.of(
                "INSULA_URL", app.http("").toString(),
                "INSULA_TOKEN", app.token("asked"),
                "CLIENT_STATE", folder.resolve("state.json").toString());
        var run = CommandRun.of(List.of("node", "ag-ui.mjs", scenario), environment, CLIENT);
        assertEquals(0, run.status(), run::output);
    }
}
