package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log tells of requests when the operator wants to know: what came, from where, and nothing of a user's. */
class AccessLogIT {
    @TempDir
    private Path folder;

    @Test
    void aRequestIsALineWithoutIdsQueriesAndTokens() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_JAVA_OPTIONS",
                "-Dorg.slf4j.simpleLogger.log.io.insula.transport.websocket.RequestRecord=debug");
        environment.put("INSULA_HTTP_PROXIES", "127.0.0.1");
        try (var app = PackagedApp.start(Installation.withPlugins(folder, List.of("hello")), environment)) {
            assertEquals(200, send(app, app.token("ada"), "/agents"));
            app.awaitOutput("request method=GET path=/agents status=200 broken=false client=203.0.113.7 millis=");
            assertEquals(404, send(app, app.token("ada"), "/runs/a-run-of-ada"));
            app.awaitOutput("request method=GET path=/runs/... status=404 broken=false client=203.0.113.7 millis=");
            assertEquals(400, send(app, app.token("ada"), "/threads?after=a-place-of-ada"));
            app.awaitOutput("request method=GET path=/threads status=400 broken=false client=203.0.113.7 millis=");
            assertEquals(401, send(app, "no-token-of-anybody", "/agents"));
            app.awaitOutput("request method=GET path=/agents status=401 broken=false client=203.0.113.7 millis=");

            String output = app.output();
            for (String secret : List.of("a-run-of-ada", "a-place-of-ada", "no-token-of-anybody", "Bearer")) {
                assertFalse(output.contains(secret), secret);
            }
        }
    }

    private static int send(PackagedApp app, String token, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(app.http(path)).header("Authorization", "Bearer " + token)
                            .header("Forwarded", "for=203.0.113.7").timeout(Moment.DEADLINE).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }
}
