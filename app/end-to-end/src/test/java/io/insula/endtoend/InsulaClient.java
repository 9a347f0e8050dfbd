package io.insula.endtoend;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connection of one user: sends messages, keeps every frame, checks the order of every event, and waits for what a
 * test needs to see. Safe for any number of threads.
 */
final class InsulaClient implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG_DEADLINE = Duration.ofMinutes(3);

    /** A run that was accepted. */
    record Started(String thread, String run, String request) {}

    private final AtomicInteger ids = new AtomicInteger();
    private final Object sending = new Object();
    private final Recording recording = new Recording();
    private final WebSocket socket;

    private InsulaClient(URI address, String token) {
        this.socket = HTTP.newWebSocketBuilder().subprotocols("insula.v1").header("Authorization", "Bearer " + token)
                .connectTimeout(Moment.DEADLINE).buildAsync(address, new Messages(recording))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Connects, and waits for the welcome. */
    static InsulaClient connect(URI address, String token) {
        var client = new InsulaClient(address, token);
        client.recording.awaitWelcome();
        return client;
    }

    /** Connects, and follows all events of the user from the beginning. */
    static InsulaClient follow(URI address, String token) {
        var client = connect(address, token);
        client.subscribe("start");
        return client;
    }

    JsonNode welcome() {
        return recording.awaitWelcome();
    }

    /** A message with an id of its own, to be filled and sent. */
    ObjectNode message(String type) {
        return JSON.createObjectNode().put("type", type).put("id", "m" + ids.incrementAndGet());
    }

    /** Sends a message without waiting for its reply. */
    void send(JsonNode message) {
        send(message.toString());
    }

    void send(String text) {
        synchronized (sending) {
            socket.sendText(text, true).orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    /** Sends a message and waits for its reply, whatever it is. */
    JsonNode call(JsonNode message) {
        send(message);
        return reply(message.path("id").asString());
    }

    JsonNode reply(String id) {
        return recording.awaitReply(id);
    }

    JsonNode awaitRefusal() {
        return recording.awaitRefusal();
    }

    /** Sends a message that must succeed. */
    JsonNode succeed(JsonNode message) {
        var reply = call(message);
        if (reply.path("type").asString().equals("refused")) {
            throw new AssertionError("refused: " + reply + " for " + message);
        }
        return reply;
    }

    /** Sends a message that must be refused, and returns the word of the refusal. */
    String refused(JsonNode message) {
        var reply = call(message);
        assertEquals("refused", reply.path("type").asString(), () -> message + " gave " + reply);
        return reply.path("code").asString();
    }

    /** Follows the user's events from {@code "start"} or {@code "now"}. */
    JsonNode subscribe(String after) {
        return subscription(message("subscribe").put("after", after));
    }

    /** Follows the user's events behind a position. */
    JsonNode subscribe(JsonNode position) {
        ObjectNode message = message("subscribe");
        message.set("after", position);
        return subscription(message);
    }

    private JsonNode subscription(ObjectNode message) {
        recording.expectSubscription(message.path("id").asString());
        return succeed(message);
    }

    /** A new run in a thread of its own. */
    Started start(String agent, String input) {
        return start(agent, input, "thread-" + UUID.randomUUID());
    }

    Started start(String agent, String input, String thread) {
        return start(run(agent, input, thread));
    }

    Started start(ObjectNode message) {
        var accepted = succeed(message);
        assertEquals("accepted", accepted.path("type").asString());
        return new Started(accepted.path("thread").asString(), accepted.path("run").asString(),
                message.path("request").asString());
    }

    ObjectNode run(String agent, String input, String thread) {
        return message("run.start").put("request", UUID.randomUUID().toString()).put("agent", agent).put("input", input)
                .put("thread", thread);
    }

    /** Stops a run and returns it as it stands then. */
    JsonNode cancel(String run) {
        return succeed(message("run.cancel").put("run", run)).path("run");
    }

    ObjectNode answer(String run, String question) {
        return message("run.answer").put("request", UUID.randomUUID().toString()).put("run", run).put("question",
                question);
    }

    JsonNode read(String run) {
        return succeed(message("run.read").put("run", run)).path("run");
    }

    ReceivedEvent awaitEvent(String what, Predicate<ReceivedEvent> wanted) {
        return recording.awaitEvent(what, wanted);
    }

    ReceivedEvent awaitEvent(String run, String type) {
        return awaitEvent(type + " of " + run, event -> event.run().equals(run) && event.type().equals(type));
    }

    /** Waits until the run says something. */
    ReceivedEvent awaitText(String run, String text) {
        return awaitEvent("\"" + text + "\" of " + run,
                event -> event.run().equals(run) && event.text("delta").contains(text));
    }

    /** Waits for a question of the run, and returns its id. */
    String awaitQuestion(String run) {
        return awaitEvent("a question of " + run, event -> event.run().equals(run) && event.isCustom("insula.question"))
                .value()
                .path("question").asString();
    }

    ReceivedEvent awaitEnd(String run) {
        return awaitEvent("the end of " + run, event -> event.run().equals(run) && event.isTerminal());
    }

    void awaitCount(int count, String what, Predicate<ReceivedEvent> wanted) {
        recording.awaitCount(LONG_DEADLINE, count, what, wanted);
    }

    /** Waits until the server closes the connection. */
    Recording.Closed awaitClose() {
        return recording.awaitClose();
    }

    List<String> frames() {
        return recording.frames();
    }

    List<ReceivedEvent> events() {
        return recording.events();
    }

    List<ReceivedEvent> events(String run) {
        return events().stream().filter(event -> event.run().equals(run)).toList();
    }

    /** What the run's agent, not its sub-agents, said, all messages joined. */
    String said(String run) {
        return events(run).stream()
                .filter(event -> event.type().equals("TEXT_MESSAGE_CONTENT") && event.text("subagentRunId").isEmpty())
                .map(event -> event.text("delta")).collect(joining());
    }

    /** The position behind the last event received. */
    ObjectNode position() {
        return recording.position();
    }

    /** Fails if any frame or event so far was not what it should be. */
    void assertOrder() {
        assertEquals(List.of(), recording.violations());
    }

    /** Leaves without a word, as a lost connection does. */
    void abort() {
        socket.abort();
    }

    /** Leaves, and fails if anything that the connection received was not what it should be. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            synchronized (sending) {
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> socket).join();
            }
        }
        socket.abort();
        assertOrder();
    }

    /** Puts the parts of messages together. */
    private static final class Messages implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();
        private final Recording recording;

        Messages(Recording recording) {
            this.recording = recording;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                recording.receive(text);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            recording.close(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            recording.close(1006, String.valueOf(error));
        }
    }
}
