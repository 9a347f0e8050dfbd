package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Insula's own client for JavaScript: its tests, its types, and the client against the packaged application. Each
 * scenario is a function of {@code client.mjs}.
 */
@ExtendWith(SharedApp.class)
class JavaScriptClientIT {
    private static final Path CLIENT = Path.of(System.getProperty("insula.javascript.client"));
    private static final Path FOLDER = Path.of(System.getProperty("insula.javascript.tests"));

    /** So long ago a token has ended that is still taken, for the difference of clocks, for a few seconds. */
    private static final Duration ENDING = Duration.ofSeconds(-16);

    private final PackagedApp app;

    JavaScriptClientIT(PackagedApp app) {
        this.app = app;
    }

    private static void node(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("node"));
        command.addAll(arguments);
        var run = CommandRun.of(command, environment, FOLDER);
        assertEquals(0, run.status(), run::output);
    }

    private static void play(PackagedApp app, String scenario) throws Exception {
        var user = "javascript-" + scenario;
        var ending = TokenMint.of(app.installation().data()).token(user, ENDING);
        node(
                Map.of("INSULA_URL", app.http("").toString(), "INSULA_TOKEN", app.token(user), "INSULA_OTHER_TOKEN",
                        app.token(user + "-other"), "INSULA_ENDING_TOKEN", ending),
                List.of("--import", "./websocket.mjs", "client.mjs", scenario));
    }

    @Test
    void itsOwnTestsPass() throws Exception {
        var arguments = new ArrayList<>(List.of("--test"));
        try (var tests = Files.newDirectoryStream(CLIENT.resolve("test"), "*.test.js")) {
            tests.forEach(test -> arguments.add(test.toString()));
        }
        assertEquals(6, arguments.size(), arguments::toString);
        node(Map.of(), arguments);
    }

    @Test
    void itsTypesNameEverything() throws Exception {
        node(Map.of(), List.of("node_modules/typescript/bin/tsc", "--noEmit", "--strict", "-p", "."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "html"})
    void theExamplesOfItsReadmeWork(String language) throws Exception {
        node(
                Map.of("INSULA_URL", app.http("").toString(), "INSULA_TOKEN", app.token("javascript-" + language)),
                List.of("--import", "./websocket.mjs", "example.mjs", language,
                        CLIENT.resolve("README.md").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "everything", "questions", "stopping", "lists"})
    void doesAllThatTheProtocolHas(String scenario) throws Exception {
        play(app, scenario);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuts", "lostReceipts", "tokens", "erased"})
    void nothingComesTwiceAndNothingIsMissing(String scenario) throws Exception {
        play(app, scenario);
    }

    @Test
    void twoUsersSeeNothingOfEachOther() throws Exception {
        play(app, "twoUsers");
    }

    @Test
    void goesOnWithAServerThatWasKilled(@TempDir Path folder) throws Exception {
        var installation = Installation.withScenarios(folder);
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_HTTP_PORT", Integer.toString(freePort()));
        try (var first = PackagedApp.start(installation, environment);
                var player = Executors.newSingleThreadExecutor()) {
            var played = player.submit(() -> {
                play(first, "restart");
                return true;
            });
            try (var witness = first.user("javascript-restart")) {
                witness.awaitEvent("the middle of the answer", event -> event.text("delta").contains("[a#19]"));
            }
            first.kill();
            try (var second = PackagedApp.start(installation, environment)) {
                assertTrue(played.get(), second::output);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
