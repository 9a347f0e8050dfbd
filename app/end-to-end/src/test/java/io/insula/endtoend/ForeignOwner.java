package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

/** A user who has one of everything that others might name by its id. */
final class ForeignOwner implements AutoCloseable {
    final InsulaClient client;
    final InsulaClient.Started done;
    final InsulaClient.Started waiting;
    final String question;
    final String attachment;

    ForeignOwner(PackagedApp app, String name) throws Exception {
        String token = app.token(name);
        client = InsulaClient.follow(app.webSocket(), token);
        done = client.start("echo", "marker=private-words");
        assertSuccess(client.awaitEnd(done.run()));
        waiting = client.start("asker", "kind=text");
        question = client.awaitQuestion(waiting.run());
        attachment = Upload.of(app, token, "private.csv", "private".getBytes(StandardCharsets.UTF_8));
    }

    /** An id of the same kind that nobody has. */
    static String never(String id) {
        return id.substring(0, id.length() - 6) + "000000";
    }

    String firstMessage() {
        return client.succeed(client.message("thread.read").put("thread", done.thread())).path("messages").get(0)
                .path("id").asString();
    }

    String epoch() {
        return client.position().path("epoch").asString();
    }

    /** Its question still waits for it alone. */
    void assertUntouched() {
        assertEquals("waiting-for-answer", client.read(waiting.run()).path("state").asString());
        client.succeed(client.answer(waiting.run(), question).put("answer", "mine"));
        assertSuccess(client.awaitEnd(waiting.run()));
        assertEquals("text: mine", client.said(waiting.run()));
    }

    @Override
    public void close() {
        client.close();
    }
}
