package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** As {@link ForeignIdsIT}, for what goes over HTTP. */
@ExtendWith(SharedApp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignIdsOverHttpIT {
    private final PackagedApp app;
    private ForeignOwner owner;

    ForeignIdsOverHttpIT(PackagedApp app) {
        this.app = app;
    }

    @BeforeAll
    void oneUserHasEverything() throws Exception {
        owner = new ForeignOwner(app, "foreign-http-owner");
    }

    @AfterAll
    void nothingHasChanged() {
        owner.assertUntouched();
        owner.close();
    }

    /** Sends the same request with the foreign id and with one that never was, and wants the same answer. */
    private void assertAsUnknownOverHttp(String code, String foreign, String method, String path, String body)
            throws Exception {
        String never = ForeignOwner.never(foreign);
        var toForeign = send(method, path.replace("ID", foreign), body.replace("ID", foreign));
        var toNever = send(method, path.replace("ID", never), body.replace("ID", never));

        assertTrue(toForeign.body().contains("\"" + code + "\""), toForeign::body);
        assertEquals(toNever.statusCode(), toForeign.statusCode());
        assertEquals(toNever.body().replace(never, "ID"), toForeign.body().replace(foreign, "ID"));
        assertEquals(toNever.headers().map().keySet(), toForeign.headers().map().keySet());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(app.http(path))
                            .header("Authorization", "Bearer " + app.token("foreign-http-other"))
                            .header("Content-Type", "application/json").timeout(Moment.DEADLINE)
                            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void threadsOverHttp() throws Exception {
        String thread = owner.done.thread();
        assertAsUnknownOverHttp("thread-unknown", thread, "GET", "/threads/ID/messages", "");
        assertAsUnknownOverHttp("thread-unknown", thread, "PATCH", "/threads/ID", "{\"title\":\"theirs\"}");
        assertAsUnknownOverHttp("thread-unknown", thread, "DELETE", "/threads/ID", "");
        assertAsUnknownOverHttp(
                "thread-unknown", thread, "POST", "/threads/ID/fork", "{\"message\":\"" + owner.firstMessage() + "\"}");
    }

    @Test
    void runsOverHttp() throws Exception {
        assertAsUnknownOverHttp("run-unknown", owner.done.run(), "GET", "/runs/ID", "");
        assertAsUnknownOverHttp("run-unknown", owner.waiting.run(), "POST", "/runs/ID/cancel", "");
        assertAsUnknownOverHttp("run-unknown", owner.waiting.run(), "POST", "/runs/ID/answers",
                "{\"request\":\"" + UUID.randomUUID() + "\",\"question\":\"" + owner.question
                        + "\",\"answer\":\"theirs\"}");
        assertAsUnknownOverHttp("attachment-unknown", owner.attachment, "POST", "/runs",
                "{\"request\":\"" + UUID.randomUUID() + "\",\"agent\":\"echo\",\"input\":\"marker=x\","
                        + "\"attachments\":[\"ID\"]}");
    }

    @Test
    void uploadsInPieces() throws Exception {
        var begun = tus(app.token("foreign-http-owner"), "POST", "/uploads");
        String foreign = begun.headers().firstValue("Location").orElseThrow();
        String never = ForeignOwner.never(foreign);
        String token = app.token("foreign-http-other");
        for (String method : new String[]{"HEAD", "PATCH", "DELETE"}) {
            var toForeign = tus(token, method, foreign);
            var toNever = tus(token, method, never);
            assertEquals(404, toForeign.statusCode(), toForeign::body);
            assertEquals(toNever.body(), toForeign.body());
            assertEquals(toNever.headers().map().keySet(), toForeign.headers().map().keySet());
        }
        assertEquals(204, tus(app.token("foreign-http-owner"), "DELETE", foreign).statusCode());
    }

    private HttpResponse<String> tus(String token, String method, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(app.http(path)).header("Authorization", "Bearer " + token)
                            .header("Tus-Resumable", "1.0.0").header("Upload-Length", "10")
                            .header("Upload-Metadata", "filename YQ==").header("Upload-Offset", "0")
                            .header("Content-Type", "application/offset+octet-stream").timeout(Moment.DEADLINE)
                            .method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void listsOverHttpAreMyOwn() throws Exception {
        for (String path : new String[]{"/threads?size=200", "/runs?size=200", "/snapshot"}) {
            var mine = send("GET", path, "");
            assertEquals(200, mine.statusCode(), mine::body);
            assertFalse(mine.body().contains(owner.done.thread()) || mine.body().contains(owner.waiting.run()),
                    mine::body);
        }
        String next =
                owner.client.succeed(owner.client.message("threads.list").put("size", 1)).path("next").asString("");
        var reply = send("GET", "/threads?size=200&after=" + URLEncoder.encode(next, StandardCharsets.UTF_8), "");
        assertFalse(reply.body().contains(owner.done.thread()), reply::body);
    }

    @Test
    void aStreamFromAPlaceInTheLogOfSomebodyElse() throws Exception {
        String epoch = owner.epoch();
        String never = "0".repeat(epoch.length());
        var toForeign = follow(epoch);
        var toNever = follow(never);

        assertEquals(410, toForeign.statusCode());
        assertTrue(toForeign.body().contains("epoch-unknown"), toForeign::body);
        assertEquals(toNever.body().replace(never, "ID"), toForeign.body().replace(epoch, "ID"));
    }

    private HttpResponse<String> follow(String epoch) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(app.http("/events"))
                            .header("Authorization", "Bearer " + app.token("foreign-http-other"))
                            .header("Last-Event-ID", epoch + ".1").timeout(Moment.DEADLINE).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The interrupt of a question names its run, so that the whole of it is a foreign id. */
    @Test
    void theQuestionOfAnAgUiRunIsNotAnsweredByAnother() throws Exception {
        String interrupt = owner.epoch() + ".1/" + owner.waiting.run() + "/" + owner.question;
        String body = "{\"threadId\":\"mine-now\",\"runId\":\"resumes\",\"messages\":[],\"resume\":[{\"interruptId\":\""
                + interrupt + "\",\"status\":\"resolved\",\"payload\":\"theirs\"}]}";
        String never = ForeignOwner.never(owner.waiting.run());
        var toForeign = send("POST", "/agui/asker", body);
        var toNever = send("POST", "/agui/asker", body.replace(owner.waiting.run(), never));

        assertEquals(404, toForeign.statusCode(), toForeign::body);
        assertTrue(toForeign.body().contains("run-unknown"), toForeign::body);
        assertEquals(toNever.body().replace(never, "ID"), toForeign.body().replace(owner.waiting.run(), "ID"));
    }
}
