package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One user who follows all events over one connection after another, and notices whatever is missing or there twice.
 * Comes and goes in one thread at a time; hears in those of the connections.
 */
final class Follower implements FrailConnection.Listener {
    private final String subject;
    private final String token;
    private final Moment moment = new Moment();
    // All are guarded by the moment.
    private Optional<ObjectNode> position = Optional.empty();
    private Optional<String> finding = Optional.empty();
    private int ends;
    private Optional<FrailConnection> connection = Optional.empty();

    Follower(String subject, String token) {
        this.subject = subject;
        this.token = token;
    }

    /** Follows from now on, or from where it was before. */
    void come(PackagedApp app) throws LostException, InterruptedException {
        FrailConnection opened = FrailConnection.open(app.webSocket(), token, this);
        moment.change(() -> connection = Optional.of(opened));
        ObjectNode subscribe = opened.message("subscribe");
        Optional<ObjectNode> before = moment.read(() -> position);
        if (before.isPresent()) {
            subscribe.set("after", before.get());
        } else {
            // What comes before the reply is known belongs to it: the position is that of the welcome or later.
            subscribe.put("after", "start");
        }
        JsonNode reply = opened.call(subscribe);
        if (!reply.path("type").asString().equals("result")) {
            find("may not follow: " + reply);
        }
    }

    /** Starts a run, and waits until that is safe. */
    void start(String agent, String input) throws LostException, InterruptedException {
        FrailConnection open = moment.read(() -> connection).orElseThrow();
        JsonNode reply = open.call(open.message("run.start").put("request", UUID.randomUUID().toString())
                .put("agent", agent).put("input", input));
        if (!reply.path("type").asString().equals("accepted")) {
            find("was refused: " + reply);
        }
    }

    /** Breaks the connection without a word. */
    void cut() {
        moment.read(() -> connection).ifPresent(FrailConnection::cut);
    }

    /** Waits until so many runs have ended. */
    void awaitEnds(int count) {
        moment.await(Moment.DEADLINE, count + " ends of runs", () -> ends >= count, () -> subject + " saw " + ends);
    }

    /** Waits until it has heard of everything up to a place in its log. */
    void awaitSequence(long sequence) {
        moment.await(Moment.DEADLINE, "event " + sequence, () -> sequence() >= sequence,
                () -> subject + " is at " + sequence());
    }

    /** What was wrong, if anything was. */
    Optional<String> finding() {
        return moment.read(() -> finding);
    }

    /** Tells where the user's log ends. */
    long head() throws LostException, InterruptedException {
        FrailConnection open = moment.read(() -> connection).orElseThrow();
        return open.call(open.message("snapshot")).path("position").path("sequence").asLong();
    }

    @Override
    public void receive(JsonNode frame) {
        for (JsonNode entry : frame.path("events")) {
            long sequence = entry.path("sequence").asLong();
            moment.change(() -> {
                long last = sequence();
                if (sequence != last + 1 && finding.isEmpty()) {
                    finding = Optional.of(subject + " saw " + sequence + " behind " + last);
                }
                position = Optional.of(FrailConnection.JSON.createObjectNode()
                        .put("epoch", frame.path("epoch").asString()).put("sequence", sequence));
                if (entry.path("event").path("type").asString().equals("RUN_FINISHED")) {
                    ends++;
                }
            });
        }
    }

    private long sequence() {
        return position.map(at -> at.path("sequence").asLong()).orElse(0L);
    }

    private void find(String what) {
        moment.change(() -> finding = Optional.of(finding.orElse(subject + " " + what)));
    }
}
