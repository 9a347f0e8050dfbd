package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Files given to a user over HTTP. */
final class Upload {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Upload() {}

    /** Uploads a file and returns its id. */
    static String of(PackagedApp app, String token, String name, byte[] content)
            throws IOException, InterruptedException {
        var response = send(app, token, name, content);
        assertEquals(201, response.statusCode(), response::body);
        JsonNode attachment = InsulaClient.JSON.readTree(response.body());
        assertEquals(name, attachment.path("name").asString());
        assertEquals(content.length, attachment.path("bytes").asInt());
        return attachment.path("id").asString();
    }

    static HttpResponse<String> send(PackagedApp app, String token, String name, byte[] content)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(app.http("/attachments")).header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/csv")
                .header("X-Insula-Name", URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
                .timeout(Moment.DEADLINE).POST(HttpRequest.BodyPublishers.ofByteArray(content)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
