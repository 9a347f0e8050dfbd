package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of the packaged application. */
class MetricsIT {
    private static final String USER = "user-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private static String text(URI metrics) {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            assertEquals("text/plain; version=0.0.4; charset=utf-8",
                    answer.headers().firstValue("Content-Type").orElse(""));
            return answer.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Map<String, Double> values(URI metrics) {
        var values = new HashMap<String, Double>();
        text(metrics).lines().filter(line -> !line.startsWith("#")).forEach(line -> values.put(
                line.substring(0, line.lastIndexOf(' ')), Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return values;
    }

    @Test
    void whatHappensIsCountedAndNobodyIsNamed() throws Exception {
        try (var app = PackagedApp.start(Installation.withScenarios(folder), PackagedApp.ROOMY)) {
            var metrics = app.admin("/metrics");
            var before = values(metrics);
            assertEquals(0, before.get("insula_engines"));
            assertEquals(1, before.get("insula_ready"));
            assertTrue(before.get("insula_plugins{state=\"started\"}") >= 3, before::toString);

            try (var user = app.user(USER)) {
                var waiting = user.start("wait-for-stop", "");
                user.awaitText(waiting.run(), "waiting");
                var during = values(metrics);
                assertEquals(1, during.get("insula_connections"));
                assertEquals(1, during.get("insula_engines"));
                assertEquals(1, during.get("insula_runs_at_work"));
                assertTrue(during.get("insula_events_delivered_total") > 0, during::toString);
                user.cancel(waiting.run());
                user.awaitEnd(waiting.run());
                user.call(user.run("no-such-agent", "", "thread-" + UUID.randomUUID()));
            }
            Eventually.await("the end of the connection", () -> values(metrics).get("insula_connections") == 0,
                    () -> text(metrics));
            var after = values(metrics);
            assertEquals(0, after.get("insula_runs_unfinished"));
            assertEquals(1, after.get("insula_refused_total{code=\"agent-unknown\"}"));
            assertEquals(1, after.get("insula_connections_opened_total"));
            assertEquals(1, after.get("insula_responses_total{status=\"101\"}"));
            assertTrue(after.get("insula_messages_total") >= 3, after::toString);
            assertTrue(after.get("insula_journal_kept_bytes") > 0, after::toString);
            assertFalse(text(metrics).contains(USER));
        }
    }
}
