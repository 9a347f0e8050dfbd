package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told on their own port. */
class HealthIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void isReadyWhileItServesAndSaysThatItGoesAwayBeforeItIsGone() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_SHUTDOWN_DRAIN", "20 s");
        try (var app = PackagedApp.start(Installation.withScenarios(folder), environment)) {
            assertEquals("200 {\"status\":\"live\"}", get(app.admin("/health/live")));
            assertEquals("200 {\"status\":\"ready\",\"reasons\":[],\"details\":{}}", get(app.admin("/health/ready")));
            assertTrue(get(app.http("/health/ready")).startsWith("404 "));
            var user = app.user("ada");
            var waiting = user.start("wait-for-stop", "");
            user.awaitText(waiting.run(), "waiting");

            app.signal("TERM");
            app.awaitOutput("stopping");

            Eventually.await("the going away", () -> get(app.admin("/health/ready")).equals(
                    "503 {\"status\":\"not-ready\",\"reasons\":[\"going-away\"],\"details\":{}}"), app::output);
            assertEquals("200 {\"status\":\"live\"}", get(app.admin("/health/live")));
            user.cancel(waiting.run());
            app.awaitExit();
        }
    }

    @Test
    void aPortForOperatorsThatIsInUseIsToldWithTheSettingToChange() throws Exception {
        var installation = Installation.withPlugins(folder, List.of());
        try (var app = PackagedApp.start(installation)) {
            var port = Integer.toString(app.admin("/").getPort());
            var second = new HashMap<>(PackagedApp.ROOMY);
            second.put("INSULA_ADMIN_PORT", port);
            second.put("INSULA_DATA_DIR", folder.resolve("other").toString());
            try (var refused = PackagedApp.launch(installation, second)) {
                assertNotEquals(0, refused.awaitExit());
                assertTrue(refused.output().contains("127.0.0.1:" + port + " is in use"), refused::output);
                assertTrue(refused.output().contains("INSULA_ADMIN_PORT"), refused::output);
            }
        }
    }

    private static String get(URI address) {
        try {
            var response = HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "gone";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
