package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.WhenBusy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgUiTest {
    private static final String ACCEPTED =
            "{\"type\":\"CUSTOM\",\"name\":\"insula.run.accepted\",\"value\":{\"agent\":\"hello\"}}";
    private static final String STARTED =
            "{\"type\":\"RUN_STARTED\",\"timestamp\":1,\"threadId\":\"t1\",\"runId\":\"r1\",\"protocolVersion\":\"1.0\"}";
    private static final String FINISHED =
            "{\"type\":\"RUN_FINISHED\",\"timestamp\":9,\"threadId\":\"t1\",\"runId\":\"r1\",\"result\":{\"n\":[1,2.5]},"
                    + "\"outcome\":{\"type\":\"success\"}}";
    private static final String ASKS = "{\"type\":\"CUSTOM\",\"timestamp\":5,\"name\":\"insula.question\",\"value\":"
            + "{\"question\":\"r1.q1\",\"kind\":\"approval\",\"text\":\"May I?\",\"options\":[],"
            + "\"expiresAt\":\"2030-01-01T00:00:00Z\"}}";
    private static final String INTERRUPT = "epoch-1.1/r1/r1.q1";

    private final List<RunRequest> requests = new CopyOnWriteArrayList<>();
    private RunningTransport running;
    private RecordedUser ada;

    @BeforeEach
    void start() throws IOException {
        begin(RunningTransport.limits());
    }

    private void begin(TransportLimits limits) throws IOException {
        running = new RunningTransport(limits);
        ada = running.directory.user("ada");
        ada.onSubmit = request -> {
            requests.add(request);
            return CompletableFuture.completedFuture(RecordedUser.receipt(request));
        };
    }

    @AfterEach
    void stop() {
        running.awaitEmpty();
        running.close();
    }

    private static String user(String content) {
        return "{\"id\":\"1\",\"role\":\"user\",\"content\":" + content + "}";
    }

    private static String input(String messages, String more) {
        return "{\"threadId\":\"t1\",\"runId\":\"r1\",\"messages\":[" + messages + "],\"tools\":[],\"context\":[],"
                + "\"state\":{}" + more + "}";
    }

    private String post(String path, String body, String headers) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "POST " + path + " HTTP/1.1\r\nHost: localhost:" + running.address.getPort()
                + "\r\nAuthorization: Bearer " + running.tokens.of("ada") + "\r\nContent-Type: application/json\r\n"
                + "Accept: text/event-stream\r\nContent-Length: " + length + "\r\n" + headers + "\r\n" + body;
    }

    private StreamClient run(String body, String headers) throws IOException {
        return new StreamClient(running.client(), post("/agui/hello", body, headers));
    }

    private StreamClient run(String messages) throws IOException {
        return run(input(messages, ""), "");
    }

    private StreamClient resume(String status) throws IOException {
        return run(
                "{\"threadId\":\"t1\",\"runId\":\"r1-b\",\"messages\":[],\"resume\":[{\"interruptId\":\"" + INTERRUPT
                        + "\"," + status + "}]}",
                "");
    }

    private String refused(String body) throws IOException {
        return refused("/agui/hello", body, "");
    }

    private String refused(String path, String body, String headers) throws IOException {
        try (RawClient client = running.client()) {
            return client.send(post(path, body, headers)).readResponse();
        }
    }

    private void emit(String... events) {
        for (String event : events) {
            ada.emit(event);
        }
    }

    private static void expect(StreamClient stream, String... events) throws IOException {
        for (String event : events) {
            assertEquals("data: " + event, stream.read());
        }
    }

    private void asks() {
        ada.questions = List.of(new OpenQuestion(
                "r1.q1", OpenQuestion.Kind.APPROVAL, "May I?", List.of(), Instant.parse("2030-01-01T00:00:00Z")));
    }

    @Test
    void theRunOfAnInputIsItsAnswer() throws IOException {
        String text = "{\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"m1\",\"role\":\"assistant\"}";
        String end = "{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"m1\"}";
        emit(ACCEPTED);
        try (StreamClient stream = run(user("\"Ada\""))) {
            assertTrue(stream.head.startsWith("HTTP/1.1 200 "), stream.head);
            assertTrue(stream.head.contains("Content-Type: text/event-stream"), stream.head);
            assertEquals(":", stream.readBlock());
            emit(STARTED, text, end, FINISHED, ACCEPTED, STARTED);
            expect(stream, STARTED, text, end, FINISHED);
            assertEquals("", stream.read());
        }
        RunRequest request = requests.getFirst();
        assertEquals("t1 r1 hello", request.thread().get() + " " + request.run().get() + " " + request.agent().get());
        assertEquals(WhenBusy.ENQUEUE, request.whenBusy());
        assertEquals("Ada", request.input());
    }

    @Test
    void eventsOfOtherRunsAreNotTold() throws IOException {
        emit(ACCEPTED);
        try (StreamClient stream = run(user("\"Ada\""))) {
            ada.emit("r2", STARTED.replace("r1", "r2"));
            emit(STARTED);
            ada.emit("r2", FINISHED.replace("r1", "r2"));
            emit(FINISHED);
            expect(stream, STARTED, FINISHED);
            assertEquals("", stream.read());
        }
    }

    @Test
    void onlyTheUsersLastMessagesAreTheInput() throws IOException {
        String file = "{\"type\":\"document\",\"source\":{\"type\":\"file\",\"provider\":\"insula\",\"value\":\"a1\"}}";
        String image = "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"value\":\"https://x.example/i.png\"}}";
        emit(ACCEPTED, STARTED, FINISHED);
        run(input(
                user("\"before\"") + ",{\"id\":\"2\",\"role\":\"assistant\",\"content\":\"x\",\"toolCalls\":[]},"
                        + user("\"first\"") + ",{\"id\":\"3\",\"role\":\"system\",\"content\":\"be kind\"},"
                        + user("[{\"type\":\"text\",\"text\":\"a\"}," + image + "," + file
                                + ",{\"type\":\"text\",\"text\":\"b\"}]"),
                ",\"forwardedProps\":{\"other\":[{}],\"insula\":{\"whenBusy\":\"interrupt\"}},\"unknown\":{\"a\":[1]}"),
                "").close();
        Await.until("it came", () -> requests.size() == 1);
        assertEquals("first\n\na\nb", requests.getFirst().input());
        assertEquals("[a1]", requests.getFirst().attachments().toString());
        assertEquals(WhenBusy.INTERRUPT, requests.getFirst().whenBusy());
    }

    @Test
    void theSameRunIsTheSameRequestWhoeverSendsItAgain() throws IOException {
        emit(ACCEPTED, STARTED, FINISHED);
        for (int i = 0; i < 2; i++) {
            try (StreamClient stream = run(user("\"Ada\""))) {
                expect(stream, STARTED, FINISHED);
            }
        }
        assertEquals(requests.get(0), requests.get(1));
    }

    @Test
    void theAgentIsInTheAddressOrFollowsFromTheThread() throws IOException {
        emit(ACCEPTED, STARTED, FINISHED);
        new StreamClient(running.client(), post("/agui", input(user("\"x\""), ""), "")).close();
        Await.until("it came", () -> requests.size() == 1);
        assertEquals(Optional.empty(), requests.getFirst().agent());
        assertTrue(refused("/agui/a/b", input(user("\"x\""), ""), "").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void inputsThatAreNoneAreRefusedWithWhatIsWrong() throws IOException {
        String good = input(user("\"x\""), "");
        List<List<String>> cases = List.of(
                List.of("", "message-invalid"),
                List.of("[]", "message-invalid"),
                List.of("{", "message-invalid"),
                List.of("\u00ff{", "message-invalid"),
                List.of(good + "{}", "message-invalid"),
                List.of(good.replace("\"t1\"", "\"a b\""), "field-invalid"),
                List.of(good.replace("\"r1\"", "\"" + "r".repeat(129) + "\""), "field-invalid"),
                List.of(good.replace("\"r1\"", "7"), "field-invalid"),
                List.of(good.replace("\"runId\"", "\"run\""), "field-invalid"),
                List.of(good.replace("\"runId\":\"r1\"", "\"runId\":\"r1\",\"runId\":\"r2\""), "field-invalid"),
                List.of(input("", ""), "field-invalid"),
                List.of(input("7", ""), "field-invalid"),
                List.of(input(user("\"x\"") + ",{\"role\":\"assistant\"}", ""), "field-invalid"),
                List.of(input(user("\"x\""), ",\"forwardedProps\":{\"insula\":{\"whenBusy\":\"x\"}}"), "field-invalid"),
                List.of(input(user("\"x\""), ",\"forwardedProps\":{\"insula\":{\"other\":1}}"), "field-invalid"),
                List.of(input("", ",\"resume\":[{\"interruptId\":\"x\",\"status\":\"resolved\"}]"), "question-unknown"),
                List.of(
                        input("", ",\"resume\":[{\"interruptId\":\"" + INTERRUPT + "\",\"status\":\"x\"}]"),
                        "field-invalid"),
                List.of(
                        input("", ",\"resume\":[{\"interruptId\":\"" + INTERRUPT
                                + "\",\"status\":\"resolved\",\"payload\":{\"approved\":true,\"editedArgs\":{}}}]"),
                        "answer-invalid"));
        for (List<String> one : cases) {
            String response = refused(one.getFirst());
            assertTrue(response.startsWith("HTTP/1.1 400 ") || response.startsWith("HTTP/1.1 404 "),
                    one.getFirst() + response);
            assertTrue(response.contains("\"code\":\"" + one.getLast() + "\""), one.getFirst() + response);
        }
        assertTrue(refused("/agui/hello", good, "X-Insula-When-Closed: maybe\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(refused("/agui/hello", good, "Origin: https://evil.example\r\n").startsWith("HTTP/1.1 403 "));
        assertEquals(List.of(), requests);
    }

    /** Fuzzing found that half of a letter of UTF-32 was said not to have arrived, and that UTF-16 was taken. */
    @Test
    void aBodyInAnotherEncodingIsRefusedForThat() throws IOException {
        String good = input(user("\"x\""), "");
        for (byte[] body : List.of(
                good.getBytes(StandardCharsets.UTF_16BE),
                good.getBytes(StandardCharsets.UTF_16LE),
                new byte[]{0, 0, 0, 0, '{'},
                new byte[]{'{', '"', (byte) 0xff, '"'})) {
            try (RawClient client = running.client()) {
                String head = post("/agui/hello", "", "").replace(
                        "Content-Length: 0", "Content-Length: " + body.length);
                String response = client.send(head).send(body).readResponse();
                assertTrue(response.startsWith("HTTP/1.1 400 "), response);
                assertTrue(response.contains("\"code\":\"message-invalid\""), response);
            }
        }
        assertEquals(List.of(), requests);
    }

    @Test
    void whatTheEngineRefusesIsAProblemAndNoStream() throws IOException {
        ada.onSubmit = request -> CompletableFuture.failedFuture(
                new RefusedException(ErrorCode.REQUEST_REUSED, "The run was sent before with another input."));
        String response = refused(input(user("\"x\""), ""));
        assertTrue(response.startsWith("HTTP/1.1 409 "), response);
        assertTrue(response.contains("\"code\":\"request-reused\""), response);
        ada.onSubmit = request -> CompletableFuture.failedFuture(new IllegalStateException("secret"));
        String failed = refused(input(user("\"x\""), ""));
        assertTrue(failed.startsWith("HTTP/1.1 500 ") && !failed.contains("secret"), failed);
    }

    @Test
    void aBodyOfAsManyBytesAsAllowedIsTakenAndOneMoreIsNot() throws IOException {
        TransportLimits limits = RunningTransport.limits();
        TransportLimits.Http http = limits.http();
        running.close();
        begin(new TransportLimits(limits.connections(), limits.messages(), limits.times(), new TransportLimits.Http(
                http.headerBytes(), 2, 2, http.uploadBytesPerSecond(), http.discardedBytes(), 8, 1, 1_000)));
        emit(ACCEPTED, STARTED, FINISHED);
        String body = input(user("\"x\""), "");
        String largest = body + " ".repeat(1_000 - body.length());
        run(largest, "").close();
        Await.until("it came", () -> requests.size() == 1);
        String declared = refused(largest + " ");
        assertTrue(declared.startsWith("HTTP/1.1 413 "), declared);
        assertTrue(declared.contains("\"code\":\"message-too-large\""), declared);
        try (RawClient client = running.client()) {
            String chunked = post("/agui/hello", "", "").replace("Content-Length: 0", "Transfer-Encoding: chunked");
            client.send(chunked + "3e9\r\n" + largest + " \r\n0\r\n\r\n");
            String streamed = client.readResponse();
            assertTrue(streamed.startsWith("HTTP/1.1 413 "), streamed);
        }
        assertEquals(1, requests.size());
    }

    @Test
    void aQuestionThatWaitsIsAnInterruptBehindWhichNothingIsOpen() throws IOException {
        asks();
        String step = "{\"type\":\"STEP_STARTED\",\"stepName\":\"work\"}";
        String sub = "{\"type\":\"SUBAGENT_STARTED\",\"subagentRunId\":\"r1.a1\",\"name\":\"below\"}";
        String text = "{\"type\":\"TEXT_MESSAGE_START\",\"subagentRunId\":\"r1.a1\",\"messageId\":\"r1.m1\"}";
        emit(ACCEPTED, STARTED, step, sub, text, ASKS.replace("\"timestamp\":5", "\"subagentRunId\":\"r1.a1\""));
        try (StreamClient stream = run(user("\"x\""))) {
            expect(stream, STARTED, step, sub, text,
                    "{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"r1.m1\",\"subagentRunId\":\"r1.a1\"}",
                    "{\"type\":\"SUBAGENT_FINISHED\",\"subagentRunId\":\"r1.a1\",\"outcome\":{\"type\":\"suspended\","
                            + "\"interruptIds\":[\"" + INTERRUPT + "\"]}}",
                    "{\"type\":\"STEP_FINISHED\",\"stepName\":\"work\"}",
                    "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\",\"outcome\":{\"type\":\"interrupt\","
                            + "\"interrupts\":[{\"id\":\"" + INTERRUPT + "\",\"reason\":\"confirmation\","
                            + "\"message\":\"May I?\",\"responseSchema\":{\"type\":\"boolean\"},"
                            + "\"expiresAt\":\"2030-01-01T00:00:00Z\",\"metadata\":{\"insula\":{\"run\":\"r1\","
                            + "\"question\":\"r1.q1\",\"kind\":\"approval\"}},\"subagentRunId\":\"r1.a1\"}]}}");
            assertEquals("", stream.read());
        }
    }

    @Test
    void anAnswerGoesOnBehindTheQuestionWithWhatWasOpen() throws IOException {
        asks();
        String step = "{\"type\":\"STEP_STARTED\",\"stepName\":\"work\"}";
        String done = "{\"type\":\"STEP_FINISHED\",\"stepName\":\"work\"}";
        String closed = "{\"type\":\"STEP_STARTED\",\"stepName\":\"before\"}";
        String answered = "{\"type\":\"CUSTOM\",\"name\":\"insula.answer\",\"value\":{\"question\":\"r1.q1\"}}";
        emit(ACCEPTED, STARTED, closed, closed.replace("STARTED", "FINISHED"), step, ASKS);
        try (StreamClient stream = resume("\"status\":\"resolved\",\"payload\":{\"approved\":true}")) {
            expect(stream,
                    "{\"type\":\"RUN_STARTED\",\"threadId\":\"t1\",\"runId\":\"r1-b\",\"protocolVersion\":\"1.0\"}",
                    step);
            emit(answered, done, FINISHED);
            expect(stream, answered, done, FINISHED.replace("\"runId\":\"r1\"", "\"runId\":\"r1-b\""));
            assertEquals("", stream.read());
        }
        assertTrue(ada.calls.contains("answer " + new AnswerRequest.Content.Approval(true)), ada.calls::toString);
    }

    @Test
    void answersAreOfTheKindThatTheirJsonIs() throws IOException {
        emit(ACCEPTED, STARTED, ASKS, FINISHED);
        resume("\"status\":\"resolved\",\"payload\":false").close();
        resume("\"status\":\"resolved\",\"payload\":\"left\"").close();
        resume("\"status\":\"resolved\",\"payload\":[\"a1\",\"a2\"]").close();
        Await.until("all came", () -> ada.calls.size() == 3);
        assertTrue(ada.calls.containsAll(List.of(
                "answer Approval[approved=false]", "answer Words[text=left]",
                "answer Files[attachments=[a1, a2]]")), ada.calls::toString);
    }

    @Test
    void aQuestionThatIsGivenUpStopsItsRunUnlessSomebodyWasFaster() throws IOException {
        asks();
        emit(ACCEPTED, STARTED, ASKS, FINISHED.replace("success", "cancelled"));
        try (StreamClient stream = resume("\"status\":\"cancelled\"")) {
            assertTrue(stream.read().contains("RUN_STARTED"));
            assertTrue(stream.read().contains("\"outcome\":{\"type\":\"cancelled\"}"));
        }
        assertEquals(List.of("cancel r1"), ada.calls);
        ada.questions = List.of();
        try (StreamClient stream = resume("\"status\":\"cancelled\"")) {
            assertTrue(stream.read().contains("RUN_STARTED"));
        }
        assertEquals(List.of("cancel r1"), ada.calls);
    }

    @Test
    void aQuestionThatWasAnsweredIsNoInterrupt() throws IOException {
        emit(ACCEPTED, STARTED, ASKS, FINISHED);
        try (StreamClient stream = run(user("\"x\""))) {
            expect(stream, STARTED, ASKS, FINISHED);
        }
    }

    @Test
    void anInputBehindAQuestionIsRefusedUnlessItSaysWhatToDo() throws IOException {
        String second = input(user("\"x\""), "").replace("\"r1\"", "\"r2\"");
        String response = refused(second);
        assertTrue(response.startsWith("HTTP/1.1 409 "), response);
        assertTrue(response.contains("\"code\":\"thread-busy\""), response);
        assertEquals(List.of(), requests);
        String sure = second.replace(
                "\"state\":{}", "\"state\":{},\"forwardedProps\":{\"insula\":{\"whenBusy\":\"enqueue\"}}");
        emit(ACCEPTED);
        run(sure, "").close();
        Await.until("it came", () -> requests.size() == 1);
    }

    @Test
    void aStreamThatIsClosedStopsItsRunOnlyIfThatWasAskedFor() throws IOException {
        emit(ACCEPTED, STARTED);
        StreamClient left = run(user("\"x\""));
        expect(left, STARTED);
        left.close();
        running.awaitEmpty();
        StreamClient cancelled = run(input(user("\"x\""), ""), "X-Insula-When-Closed: cancel\r\n");
        expect(cancelled, STARTED);
        cancelled.close();
        running.awaitEmpty();
        assertEquals(List.of("submit x", "submit x", "cancel r1"), ada.calls);
        emit(FINISHED);
        try (StreamClient whole = run(input(user("\"x\""), ""), "X-Insula-When-Closed: cancel\r\n")) {
            expect(whole, STARTED, FINISHED);
            assertEquals("", whole.read());
        }
        running.awaitEmpty();
        assertEquals(4, ada.calls.size());
    }

    @Test
    void aStreamThatEndsBeforeItsRunIsAnError() throws IOException {
        emit(ACCEPTED, STARTED);
        try (StreamClient stream = run(user("\"x\""))) {
            expect(stream, STARTED);
            running.clockAhead.set(Duration.ofMinutes(11));
            expect(stream, "{\"type\":\"RUN_ERROR\",\"message\":\"The stream ends before the run: token expired.\","
                    + "\"code\":\"token-expired\"}");
            assertEquals("", stream.read());
        }
        running.clockAhead.set(Duration.ZERO);
        try (StreamClient stream = run(user("\"x\""))) {
            expect(stream, STARTED);
            running.directory.endAll(ErrorCode.JOURNAL_UNAVAILABLE);
            assertTrue(stream.read().endsWith("\"code\":\"journal-unavailable\"}"));
            assertEquals("", stream.read());
        }
        assertEquals(List.of("submit x", "submit x"), ada.calls);
        try (StreamClient stream = run(user("\"x\""))) {
            expect(stream, STARTED);
            running.close();
            assertTrue(stream.read().endsWith("\"code\":\"going-away\"}"));
        }
    }

    @Test
    void runsCountAsConnectionsAndWhatIsRefusedGivesItsPlaceBack() throws IOException {
        emit(ACCEPTED, STARTED);
        List<StreamClient> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            streams.add(run(user("\"x\"")));
        }
        String response = refused(input(user("\"x\""), ""));
        assertTrue(response.startsWith("HTTP/1.1 429 "), response);
        assertTrue(response.contains("\"code\":\"too-many-connections\""), response);
        streams.removeLast().close();
        Await.until("one is gone", () -> running.transport.connections() == 7);
        streams.add(run(user("\"x\"")));
        assertTrue(streams.getLast().head.startsWith("HTTP/1.1 200 "), streams.getLast().head);
        for (StreamClient stream : streams) {
            stream.close();
        }
    }

    @Test
    void aRunIsOneMessageOfItsUser() throws IOException {
        running.close();
        begin(RunningTransport.with(new TransportLimits.Messages(512 << 10, 1_024, 1, 2, 100, 1_200)));
        emit(ACCEPTED, STARTED, FINISHED);
        run(user("\"x\"")).close();
        run(user("\"x\"")).close();
        String third = refused(input(user("\"x\""), ""));
        assertTrue(third.startsWith("HTTP/1.1 429 ") && third.contains("Retry-After: "), third);
        // The user's room stays until as many messages may come as to a new one.
        Await.until("all has ended", () -> running.directory.leases.get() == 0);
        running.close();
        running = new RunningTransport();
    }

    @Test
    void aRunIsStoppedByItsAddress() throws IOException {
        String stopped = refused("/runs/r1/cancel", "", "");
        assertTrue(stopped.startsWith("HTTP/1.1 200 "), stopped);
        assertTrue(stopped.contains("{\"run\":{\"run\":\"r1\",\"thread\":\"t1\""), stopped);
        assertEquals(List.of("cancel " + new RunId("r1")), ada.calls);
        assertTrue(refused("/runs/r%21/cancel", "", "").startsWith("HTTP/1.1 400 "));
        assertTrue(refused("/runs//cancel", "", "").matches("(?s)HTTP/1.1 40[04] .*"));
    }
}
