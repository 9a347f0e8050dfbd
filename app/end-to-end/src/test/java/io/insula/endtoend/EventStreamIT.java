package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The log of a user over HTTP, from the packaged application. */
@ExtendWith(SharedApp.class)
class EventStreamIT {
    private final PackagedApp app;

    EventStreamIT(PackagedApp app) {
        this.app = app;
    }

    private BufferedReader follow(HttpClient http, String token, String position)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(app.http("/events")).header("Authorization", "Bearer " + token)
                .header("Last-Event-ID", position).timeout(Moment.DEADLINE).build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The id of the next event, whose JSON goes on behind it. */
    private static String id(BufferedReader stream) throws IOException {
        String line = stream.readLine();
        while (!line.startsWith("id: ")) {
            line = stream.readLine();
        }
        return line.substring("id: ".length());
    }

    @Test
    void aStreamGoesOnBehindThePositionWhereTheOneBeforeBrokeOff() throws Exception {
        String token = app.token("event-stream");
        try (var http = HttpClient.newHttpClient();
                var user = InsulaClient.follow(app.webSocket(), token)) {
            assertSuccess(user.awaitEnd(user.start("steps", "").run()));
            long head = user.position().path("sequence").asLong();
            String epoch = user.position().path("epoch").asString();
            long middle = head / 2;
            try (var stream = follow(http, token, "start")) {
                for (long sequence = 0; sequence <= middle; sequence++) {
                    assertEquals(epoch + "." + sequence, id(stream));
                }
            }
            try (var stream = follow(http, token, epoch + "." + middle)) {
                assertEquals(epoch + "." + middle, id(stream));
                for (long sequence = middle + 1; sequence <= head; sequence++) {
                    assertEquals(epoch + "." + sequence, id(stream));
                    assertTrue(stream.readLine().startsWith("data: {\"sequence\":" + sequence + ",\"thread\":\""));
                }
                assertSuccess(user.awaitEnd(user.start("hello", "Ada").run()));
                assertEquals(epoch + "." + (head + 1), id(stream));
            }
        }
    }
}
