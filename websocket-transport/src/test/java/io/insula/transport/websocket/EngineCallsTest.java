package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class EngineCallsTest extends TransportTestCase {
    private static final String UUID = "0e0b2f4e-7c5a-4b0d-9a53-0f8a1c2d3e4f";

    @Test
    void listsAreReadInPages() throws Exception {
        assertTrue(get("/threads").startsWith("200 {\"threads\":[],\"next\":\"next-page\"}"));
        assertTrue(get("/threads?size=200&after=next-page").startsWith("200 "));
        assertTrue(get("/threads/t1/messages?size=1").startsWith("200 {\"messages\":[{\"id\":\"m0\""));
        assertTrue(get("/runs?size=7").startsWith("200 {\"runs\":[{\"run\":\"r1\""));
        assertEquals(List.of("threads 50", "threads 200", "messages 1"), running.directory.user("ada").calls);
    }

    @Test
    void aPartOfAListIsWantedAsItShould() throws Exception {
        for (String query : List.of("size=0", "size=201", "size=", "size=-1", "size=1.0", "size=9999999999999999999",
                "after=", "after=" + "x".repeat(513))) {
            assertTrue(get("/threads?" + query).contains("400 ") && get("/threads?" + query).contains("field-invalid"),
                    query);
        }
        for (String query : List.of("", "x=1", "size=1&size=1", "token=secret", "size", "after=%ff")) {
            String answer = get("/threads?" + query);
            assertTrue(answer.startsWith("400 ") || query.isEmpty(), query + answer);
        }
        try (RawClient client = running.client()) {
            String broken = client.send("GET /threads?after=%zz HTTP/1.1\r\nHost: localhost:"
                    + running.address.getPort() + "\r\nAuthorization: Bearer " + running.tokens.of("ada")
                    + "\r\n\r\n").readResponse();
            assertTrue(broken.startsWith("HTTP/1.1 400 "), broken);
        }
        assertTrue(get("/threads?after=" + "x".repeat(512)).startsWith("200 "));
        assertTrue(get("/agents?size=1").contains("This address takes no query."));
        assertTrue(get("/threads?token=secret").contains("do not use it any more"));
    }

    /** As on a connection, an answer never takes more than may wait for a client, unless one item does. */
    @Test
    void aPageIsShorterWhereItsItemsAreLarge() throws Exception {
        int halfAnOutbox = RunningTransport.limits().connections().outboxBytes() / 2;
        running.directory.user("ada").messageLength = halfAnOutbox / 3;
        assertTrue(get("/threads/t1/messages?size=4").length() < halfAnOutbox);
        running.directory.user("ada").messageLength = halfAnOutbox;
        assertTrue(get("/threads/t1/messages?size=4").length() > halfAnOutbox);
        assertEquals(
                List.of("messages 4", "messages 2", "messages 4", "messages 2", "messages 1"),
                running.directory.user("ada").calls);
    }

    @Test
    void anInputIsAcceptedAndItsRefusalIsAProblem() throws Exception {
        String body = "{\"request\":\"" + UUID + "\",\"run\":\"r7\",\"input\":\"Ada\"}";
        assertEquals(
                "202 {\"run\":\"r7\",\"thread\":\"t1\",\"position\":{\"epoch\":\"epoch-1\",\"sequence\":1}}",
                send("POST", "/runs", body));
        RecordedUser ada = running.directory.user("ada");
        ada.onSubmit = request -> CompletableFuture.failedFuture(RefusedException.retryAfter(
                ErrorCode.QUEUE_FULL, "Too many wait.", Duration.ofMillis(1_500)));
        HttpResponse<String> refused = answer("POST", "/runs", body);
        assertEquals(429, refused.statusCode());
        assertEquals(Optional.of("2"), refused.headers().firstValue("Retry-After"));
        assertTrue(refused.body().contains("\"code\":\"queue-full\""), refused.body());
        ada.onSubmit = request -> {
            throw new IllegalStateException("secret");
        };
        HttpResponse<String> broken = answer("POST", "/runs", body);
        assertEquals(500, broken.statusCode());
        assertTrue(!broken.body().contains("secret"), broken.body());
    }

    @Test
    void anInputMayBeAsLargeAsAMessageAndNoLarger() throws Exception {
        int most = RunningTransport.limits().messages().messageBytes();
        String begin = "{\"request\":\"" + UUID + "\",\"input\":\"";
        String largest = begin + "x".repeat(most - begin.length() - 2) + "\"}";
        assertTrue(send("POST", "/runs", largest).startsWith("202 "));
        assertTrue(send("POST", "/runs", largest + " ").startsWith("413 "));
    }

    @Test
    void aThreadIsRenamedAndDeletedAndAQuestionAnswered() throws Exception {
        assertTrue(send("PATCH", "/threads/t1", "{\"title\":\"new\"}").contains("\"title\":\"new\""));
        assertEquals("200 {\"thread\":\"t1\"}", send("DELETE", "/threads/t1", ""));
        assertTrue(send("POST", "/runs/r1/answers",
                "{\"request\":\"" + UUID + "\",\"question\":\"q1\",\"answer\":\"yes\"}").startsWith("202 "));
        assertEquals(List.of("answer Words[text=yes]"), running.directory.user("ada").calls);
    }

    @Test
    void anAddressThatNamesNoIdIsRefusedAndItsUserIsKnownFirst() throws Exception {
        for (String path : List.of("/runs/a%20b", "/runs/" + "x".repeat(129), "/threads/%21/messages")) {
            assertTrue(get(path).startsWith("400 "), path);
            assertEquals(
                    401, new DescribedApi.Sample("GET", path).send(running.address, "no token").statusCode(), path);
        }
        assertTrue(get("/runs/").startsWith("404 "));
        assertTrue(get("/threads//messages").startsWith("40"));
        assertTrue(get("/runs/r9").startsWith("404 "));
    }

    @Test
    void aUserReadsSixThingsAtOnceAndNobodyElseIsHeldUp() throws Exception {
        RecordedUser ada = running.directory.user("ada");
        var gate = new CountDownLatch(1);
        ada.readGate = Optional.of(gate);
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> readers = java.util.stream.IntStream.range(0, 6)
                    .mapToObj(i -> threads.submit(() -> get("/runs/r1"))).toList();
            Await.until("six are at it", () -> ada.calls.size() == 6);

            HttpResponse<String> refused = answer("GET", "/agents", "");
            assertEquals(429, refused.statusCode());
            assertTrue(refused.body().contains("too-many-connections"), refused.body());
            assertEquals(200, new DescribedApi.Sample("GET", "/agents")
                    .send(running.address, running.tokens.of("bob")).statusCode());

            gate.countDown();
            for (Future<String> reader : readers) {
                assertTrue(reader.get().startsWith("200 "));
            }
        }
        assertTrue(get("/agents").startsWith("200 "));
    }

    @Test
    void everyRequestCountsAsAMessage() throws Exception {
        running.close();
        running = new RunningTransport(RunningTransport.with(
                new TransportLimits.Messages(512 << 10, 1_024, 1, 2, 100, 1_200)));
        assertTrue(get("/agents").startsWith("200 "));
        assertTrue(send("DELETE", "/threads/t1", "").startsWith("200 "));
        HttpResponse<String> refused = answer("GET", "/runs", "");
        assertEquals(429, refused.statusCode());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        running.close();
        running = new RunningTransport();
    }

    @Test
    void whatIsReadWhileTheEngineIsRefusedIsAProblem() throws Exception {
        running.directory.refusal = Optional.of(new RefusedException(ErrorCode.PLATFORM_BUSY, "Full."));
        assertTrue(get("/agents").startsWith("503 "));
        assertTrue(send("DELETE", "/threads/t1", "").startsWith("503 "));
        running.directory.refusal = Optional.empty();
        assertTrue(get("/agents").startsWith("200 "));
    }

    private String get(String path) throws Exception {
        return send("GET", path, "");
    }

    private String send(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = answer(method, path, body);
        return answer.statusCode() + " " + answer.body();
    }

    private HttpResponse<String> answer(String method, String path, String body) throws Exception {
        return DescribedApi.Sample.with(method, path, path, body).send(running.address, running.tokens.of("ada"));
    }
}
