package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A user with a client, whose thread, run, file and note hold a marker by which they are found again wherever they are.
 */
record Person(String name, String token, String marker, InsulaClient client, String thread) {
    static Person of(PackagedApp app, String name) throws Exception {
        String token = app.token(name);
        String marker = "marker-of-" + name + "-" + Long.toHexString(System.nanoTime());
        var client = InsulaClient.follow(app.webSocket(), token);
        String file = Upload.of(app, token, marker + ".csv", content(marker).getBytes(StandardCharsets.UTF_8));
        var started = client.start(Runs.with(
                client.run("marked", "marker=" + marker, "thread-of-" + name), "attachments", file));
        assertSuccess(client.awaitEnd(started.run()));
        return new Person(name, token, marker, client, started.thread());
    }

    private static String content(String marker) {
        return "content " + marker;
    }

    /** What the file holds. */
    String content() {
        return content(marker);
    }

    /** What anything of the person's holds: what was said, who said it, and what the token says. */
    List<String> traces() {
        return List.of(marker, name, token.split("\\.", -1)[1]);
    }

    /** What the thread holds. */
    JsonNode messages() {
        return client.succeed(client.message("thread.read").put("thread", thread)).path("messages");
    }
}
