package io.insula.endtoend;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connection of one user: keeps every frame, checks the order of every event, and waits for what a test needs to see.
 * Safe for any number of threads.
 */
final class InsulaClient implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration DEADLINE = Moment.DEADLINE;
    private static final Duration LONG_DEADLINE = Duration.ofMinutes(3);

    /** How the server closed the connection. */
    record Closed(int code, String reason) {}

    /** A run that was accepted. */
    record Started(String thread, String run, String request) {}

    private final AtomicInteger ids = new AtomicInteger();
    private final Object sending = new Object();
    private final Moment moment = new Moment();
    // All of these are guarded by the moment.
    private final List<String> frames = new ArrayList<>();
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final List<JsonNode> notices = new ArrayList<>();
    private final List<JsonNode> refusals = new ArrayList<>();
    private final Map<String, JsonNode> replies = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private Optional<JsonNode> welcome = Optional.empty();
    private Optional<AguiOrderChecker> checker = Optional.empty();
    private Optional<String> subscribing = Optional.empty();
    private Optional<String> epoch = Optional.empty();
    private Optional<Closed> closed = Optional.empty();

    private final WebSocket socket;

    private InsulaClient(URI address, String token) {
        this.socket = HTTP.newWebSocketBuilder().subprotocols("insula.v1").header("Authorization", "Bearer " + token)
                .connectTimeout(DEADLINE).buildAsync(address, new Frames()).orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Connects, and waits for the welcome. */
    static InsulaClient connect(URI address, String token) {
        var client = new InsulaClient(address, token);
        client.moment.await(DEADLINE, "the welcome", () -> client.welcome.isPresent(), client::describe);
        return client;
    }

    /** Connects, and follows all events of the user from the beginning. */
    static InsulaClient follow(URI address, String token) {
        var client = connect(address, token);
        client.subscribe("start");
        return client;
    }

    JsonNode welcome() {
        return moment.read(welcome::orElseThrow);
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
        moment.await(DEADLINE, "the reply to " + id, () -> replies.containsKey(id) || closed.isPresent(),
                this::describe);
        return moment.read(() -> Optional.ofNullable(replies.get(id))
                .orElseThrow(() -> new AssertionError("closed before the reply to " + id + ": " + describe())));
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
        moment.change(() -> subscribing = Optional.of(message.path("id").asString()));
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
        moment.await(DEADLINE, what, () -> closed.isPresent() || events.stream().anyMatch(wanted), this::describe);
        return moment.read(() -> events.stream().filter(wanted).findFirst())
                .orElseThrow(() -> new AssertionError("closed before " + what + ": " + describe()));
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
        moment.await(LONG_DEADLINE, count + " " + what,
                () -> closed.isPresent() || events.stream().filter(wanted).count() >= count, this::describe);
    }

    /** Waits until the server closes the connection. */
    Closed awaitClose() {
        moment.await(DEADLINE, "the close", closed::isPresent, this::describe);
        return moment.read(closed::orElseThrow);
    }

    Optional<Closed> closed() {
        return moment.read(() -> closed);
    }

    List<String> frames() {
        return moment.read(() -> List.copyOf(frames));
    }

    List<ReceivedEvent> events() {
        return moment.read(() -> List.copyOf(events));
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

    /** Waits for a refusal of a message whose id the server may not have been able to read. */
    JsonNode awaitRefusal() {
        moment.await(DEADLINE, "a refusal", () -> !refusals.isEmpty(), this::describe);
        return moment.read(refusals::getLast);
    }

    List<JsonNode> notices() {
        return moment.read(() -> List.copyOf(notices));
    }

    /** The position behind the last event received. */
    ObjectNode position() {
        return moment.read(() -> JSON.createObjectNode().put("epoch", epoch.orElseThrow()).put("sequence",
                events.isEmpty() ? 0 : events.getLast().sequence()));
    }

    /** Fails if any event so far broke the order. */
    void assertOrder() {
        var all = moment.read(() -> {
            var found = new ArrayList<>(violations);
            checker.ifPresent(order -> found.addAll(order.violations()));
            return found;
        });
        assertEquals(List.of(), all);
    }

    /** Leaves without a word, as a lost connection does. */
    void abort() {
        socket.abort();
    }

    /** Leaves, and fails if any event of the connection broke the order. */
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

    private String describe() {
        int from = Math.max(0, frames.size() - 12);
        return "closed " + closed + ", " + frames.size() + " frames, the last: " + frames.subList(from, frames.size());
    }

    /** Called within the moment. */
    private void received(String text) {
        frames.add(text);
        var frame = JSON.readTree(text);
        switch (frame.path("type").asString("")) {
            case "welcome" -> {
                if (frames.size() > 1) {
                    violations.add("the welcome is frame " + frames.size());
                }
                welcome = Optional.of(frame);
            }
            case "events" -> frame.path("events").forEach(event -> event(frame, event));
            case "notice" -> notices.add(frame);
            case "accepted", "refused", "result", "pong" -> replied(frame);
            default -> violations.add("unknown frame " + text);
        }
    }

    private void event(JsonNode frame, JsonNode envelope) {
        var event = new ReceivedEvent(envelope.path("sequence").asLong(-1), envelope.path("thread").asString(""),
                envelope.path("run").asString(""), envelope.path("event"));
        epoch = Optional.of(frame.path("epoch").asString());
        events.add(event);
        checker.ifPresentOrElse(order -> order.accept(event),
                () -> violations.add("an event before the subscription: " + frame));
    }

    private void replied(JsonNode frame) {
        String id = frame.path("id").asString("");
        if (frame.path("type").asString().equals("refused")) {
            refusals.add(frame);
        }
        if (id.isEmpty()) {
            return;
        }
        if (replies.put(id, frame) != null) {
            violations.add("a second reply to " + id + ": " + frame);
        }
        if (subscribing.filter(id::equals).isPresent() && frame.path("type").asString().equals("result")) {
            epoch = Optional.of(frame.path("from").path("epoch").asString());
            checker = Optional.of(new AguiOrderChecker(frame.path("from").path("sequence").asLong(-1)));
        }
    }

    /** Puts the parts of messages together. */
    private final class Frames implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                moment.change(() -> received(text));
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            moment.change(() -> closed = Optional.of(new Closed(code, reason)));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            moment.change(() -> closed = Optional.of(new Closed(1006, String.valueOf(error))));
        }
    }
}
