package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The client of AG-UI as it is published, against the packaged application. Each scenario is a function of {@code
 * ag-ui.mjs}, which checks each event by its schema and each stream by the client's own verification.
 */
@ExtendWith(SharedApp.class)
class AgUiClientIT {
    private static final Path FOLDER = Path.of(System.getProperty("insula.ag-ui.client"));

    private final PackagedApp app;

    AgUiClientIT(PackagedApp app) {
        this.app = app;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "conversation", "everything", "subAgents", "failure"})
    void aRunIsToldAsTheClientKnowsIt(String scenario) throws Exception {
        play(scenario);
    }

    @ParameterizedTest
    @ValueSource(strings = {"approval", "choice", "words", "givenUp", "forgotten", "resumedAgain", "twoQuestions"})
    void aQuestionIsAnInterruptAndItsAnswerGoesOn(String scenario) throws Exception {
        play(scenario);
    }

    @ParameterizedTest
    @ValueSource(strings = {"advisor", "attachment"})
    void theCostAdvisorShowsAllItsWork(String scenario) throws Exception {
        play(scenario);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentAgain", "refusals", "abortLeavesTheRun", "abortStopsTheRun"})
    void whoGoesAwayOrComesBackFindsTheRunAsItIs(String scenario) throws Exception {
        play(scenario);
    }

    private void play(String scenario) throws IOException, InterruptedException {
        var environment = Map.of(
                "INSULA_URL", app.http("").toString(), "INSULA_TOKEN", app.token("ag-ui-" + scenario));
        var run = CommandRun.of(List.of("node", "ag-ui.mjs", scenario), environment, FOLDER);
        assertEquals(0, run.status(), run::output);
    }
}
