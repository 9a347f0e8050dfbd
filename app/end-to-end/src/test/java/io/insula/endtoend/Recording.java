package io.insula.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Everything that one connection received, in order, with whatever was wrong about it. Safe for any number of threads. */
final class Recording {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration DEADLINE = Moment.DEADLINE;
    private static final int FRAMES_SHOWN = 12;

    /** How the server closed the connection. */
    record Closed(int code, String reason) {}

    private final Moment moment = new Moment();
    // All of these are guarded by the moment.
    private final List<String> frames = new ArrayList<>();
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final List<JsonNode> refusals = new ArrayList<>();
    private final Map<String, JsonNode> replies = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private Optional<JsonNode> welcome = Optional.empty();
    private Optional<AguiOrderChecker> checker = Optional.empty();
    private Optional<String> subscribing = Optional.empty();
    private Optional<String> epoch = Optional.empty();
    private Optional<Closed> closed = Optional.empty();

    /** Takes one whole message of the server. */
    void receive(String text) {
        moment.change(() -> read(text));
    }

    void close(int code, String reason) {
        moment.change(() -> closed = Optional.of(new Closed(code, reason)));
    }

    /** The reply to this message says from where events follow. */
    void expectSubscription(String id) {
        moment.change(() -> subscribing = Optional.of(id));
    }

    private void read(String text) {
        frames.add(text);
        var frame = JSON.readTree(text);
        switch (frame.path("type").asString("")) {
            case "welcome" -> {
                if (frames.size() > 1) {
                    violations.add("the welcome is frame " + frames.size());
                }
                welcome = Optional.of(frame);
            }
            case "events" -> readEvents(frame);
            case "accepted", "refused", "result", "pong" -> readReply(frame);
            case "notice" -> {
                if (frame.path("code").asString("").isEmpty()) {
                    violations.add("a notice of nothing: " + text);
                }
            }
            default -> violations.add("unknown frame " + text);
        }
        if (welcome.isEmpty()) {
            violations.add("before the welcome: " + text);
        }
    }

    private void readEvents(JsonNode frame) {
        var from = frame.path("epoch").asString();
        if (checker.isEmpty()) {
            violations.add("events before the subscription: " + frame);
            return;
        }
        if (epoch.filter(from::equals).isEmpty()) {
            violations.add("events of the epoch " + from + ", subscribed to " + epoch + ": " + frame);
        }
        if (frame.path("events").isEmpty()) {
            violations.add("no events: " + frame);
        }
        for (var envelope : frame.path("events")) {
            var event = new ReceivedEvent(envelope.path("sequence").asLong(-1), envelope.path("thread").asString(""),
                    envelope.path("run").asString(""), envelope.path("event"));
            events.add(event);
            checker.get().accept(event);
        }
    }

    private void readReply(JsonNode frame) {
        var id = frame.path("id").asString("");
        var type = frame.path("type").asString();
        if (type.equals("refused")) {
            refusals.add(frame);
        }
        if (id.isEmpty()) {
            if (!type.equals("refused")) {
                violations.add("a reply to nothing: " + frame);
            }
            return;
        }
        if (replies.put(id, frame) != null) {
            violations.add("a second reply to " + id + ": " + frame);
        }
        if (subscribing.filter(id::equals).isPresent() && type.equals("result")) {
            epoch = Optional.of(frame.path("from").path("epoch").asString());
            checker = Optional.of(new AguiOrderChecker(frame.path("from").path("sequence").asLong(-1)));
        }
    }

    JsonNode awaitWelcome() {
        moment.await(DEADLINE, "the welcome", () -> welcome.isPresent() || closed.isPresent(), this::describe);
        return moment.read(() -> welcome.orElseThrow(() -> new AssertionError("no welcome: " + describe())));
    }

    JsonNode awaitReply(String id) {
        moment.await(DEADLINE, "the reply to " + id, () -> replies.containsKey(id) || closed.isPresent(),
                this::describe);
        return moment.read(() -> Optional.ofNullable(replies.get(id))
                .orElseThrow(() -> new AssertionError("closed before the reply to " + id + ": " + describe())));
    }

    /** Waits for a refusal of a message whose id the server may not have been able to read. */
    JsonNode awaitRefusal() {
        moment.await(DEADLINE, "a refusal", () -> !refusals.isEmpty() || closed.isPresent(), this::describe);
        return moment.read(() -> refusals.getLast());
    }

    ReceivedEvent awaitEvent(String what, Predicate<ReceivedEvent> wanted) {
        moment.await(DEADLINE, what, () -> closed.isPresent() || events.stream().anyMatch(wanted), this::describe);
        return moment.read(() -> events.stream().filter(wanted).findFirst())
                .orElseThrow(() -> new AssertionError("closed before " + what + ": " + describe()));
    }

    void awaitCount(Duration deadline, int count, String what, Predicate<ReceivedEvent> wanted) {
        moment.await(deadline, count + " " + what,
                () -> closed.isPresent() || events.stream().filter(wanted).count() >= count, this::describe);
    }

    Closed awaitClose() {
        moment.await(DEADLINE, "the close", () -> closed.isPresent(), this::describe);
        return moment.read(() -> closed.orElseThrow());
    }

    List<String> frames() {
        return moment.read(() -> List.copyOf(frames));
    }

    List<ReceivedEvent> events() {
        return moment.read(() -> List.copyOf(events));
    }

    /** The position behind the last event received. */
    ObjectNode position() {
        return moment.read(() -> JSON.createObjectNode().put("epoch", epoch.orElseThrow()).put("sequence",
                events.isEmpty() ? 0 : events.getLast().sequence()));
    }

    /** What was wrong so far, of the frames and of the order of the events. */
    List<String> violations() {
        return moment.read(() -> {
            var all = new ArrayList<>(violations);
            checker.ifPresent(order -> all.addAll(order.violations()));
            return all;
        });
    }

    private String describe() {
        int from = Math.max(0, frames.size() - FRAMES_SHOWN);
        return "closed " + closed + ", " + frames.size() + " frames, the last: " + frames.subList(from, frames.size());
    }
}
