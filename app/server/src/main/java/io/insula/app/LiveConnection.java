package io.insula.app;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A connection that outlives its sockets: when one is lost it connects again, goes on after the last event seen, and
 * repeats what had no reply. Confined to one thread.
 */
final class LiveConnection implements AutoCloseable {
    /** Ids of the messages that this class sends by itself begin so. */
    static final String SUBSCRIBE = "subscribe";

    private static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);
    private static final Duration PING_AFTER = Duration.ofSeconds(20);
    private static final Duration LOST_AFTER = Duration.ofSeconds(45);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(1);
    private static final int POLICY = 1008;
    private static final int TOO_BIG = 1009;
    private static final int NORMAL = 1000;

    private final HttpClient http;
    private final Account account;
    private final BlockingQueue<Happening> inbox;
    private final Screen screen;
    private final SequencedMap<String, ObjectNode> unanswered = new LinkedHashMap<>();
    private final Deque<Happening> setAside = new ArrayDeque<>();
    private int sockets;
    private @Nullable Socket socket;
    private @Nullable JsonNode position;
    private Duration silence = Duration.ZERO;
    private boolean pinged;

    LiveConnection(HttpClient http, Account account, BlockingQueue<Happening> inbox, Screen screen) {
        this.http = http;
        this.account = account;
        this.inbox = inbox;
        this.screen = screen;
    }

    /** Connects for the first time, and follows all events from now on. */
    Welcome connect() throws FailedException, InterruptedException {
        try {
            var welcome = openSocket();
            follow(welcome.head());
            return welcome;
        } catch (IOException e) {
            throw Uploads.nobodyAnswers(account, e);
        }
    }

    /** Sends a message, again after each loss until it is replied to. Its {@code id} must be new. */
    void send(ObjectNode message) {
        unanswered.put(message.path("id").stringValue(""), message);
        if (socket != null && !socket.send(message)) {
            setAside.add(new Happening.Lost(socket.number(), 0));
        }
    }

    /** Follows all events after a position. */
    void follow(JsonNode after) {
        position = after;
        subscribe();
    }

    /** Follows all events from now on. */
    void followFromNow() {
        follow(StringNode.valueOf("now"));
    }

    /** The next thing that happens, or nothing if that takes longer than {@code patience}. */
    Optional<Happening> next(Duration patience) throws FailedException, InterruptedException {
        var happening = setAside.isEmpty() ? inbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS) : setAside.poll();
        return switch (happening) {
            case null -> {
                heardNothingFor(patience);
                yield Optional.empty();
            }
            case Happening.Received received -> received(received);
            case Happening.Lost lost -> {
                if (socket != null && lost.connection() == socket.number()) {
                    reconnect(lost.closeCode());
                }
                yield Optional.empty();
            }
            case Happening.Typed typed -> Optional.of(typed);
            case Happening.InputEnded ended -> Optional.of(ended);
            case Happening.StopAsked asked -> Optional.of(asked);
        };
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private Optional<Happening> received(Happening.Received received) {
        if (socket == null || received.connection() != socket.number()) {
            return Optional.empty();
        }
        silence = Duration.ZERO;
        pinged = false;
        var message = received.message();
        switch (message.path("type").stringValue("")) {
            case "events" -> {
                var last = message.path("events").path(message.path("events").size() - 1);
                position = Json.object().put("epoch", message.path("epoch").stringValue("")).put(
                        "sequence", last.path("sequence").longValue(0));
            }
            case "notice" -> {
                if (message.path("code").stringValue("").equals("subscription-ended")) {
                    subscribe();
                }
            }
            default -> unanswered.remove(message.path("id").stringValue(""));
        }
        return Optional.of(received);
    }

    private void heardNothingFor(Duration time) {
        silence = silence.plus(time);
        if (socket == null || silence.compareTo(PING_AFTER) < 0) {
            return;
        }
        if (silence.compareTo(LOST_AFTER) >= 0) {
            silence = Duration.ZERO;
            setAside.add(new Happening.Lost(socket.number(), 0));
        } else if (!pinged) {
            pinged = true;
            if (!socket.send(Json.object().put("type", "ping").put("id", "ping"))) {
                setAside.add(new Happening.Lost(socket.number(), 0));
            }
        }
    }

    private void subscribe() {
        if (socket != null && position != null) {
            var message = Json.object().put("type", "subscribe").put("id", SUBSCRIBE);
            message.set("after", position);
            socket.send(message);
        }
    }

    private void reconnect(int closeCode) throws FailedException, InterruptedException {
        if (closeCode == POLICY || closeCode == TOO_BIG) {
            throw new FailedException(
                    "The server closed the connection because of what was sent to it (code " + closeCode + ").");
        }
        screen.aside(0, closeCode == NORMAL ? "The server closed the connection; connecting again ..."
                : "The connection is lost; connecting again ...");
        if (socket != null) {
            socket.abort();
            socket = null;
        }
        var waited = Duration.ZERO;
        for (var pause = FIRST_PAUSE; waited.compareTo(GIVE_UP_AFTER) < 0; pause = longer(pause)) {
            waitOrStop(pause);
            waited = waited.plus(pause);
            try {
                openSocket();
                screen.aside(0, "Connected again.");
                subscribe();
                unanswered.values().forEach(message -> {
                    if (socket != null) {
                        socket.send(message);
                    }
                });
                return;
            } catch (IOException e) {
                // The server is not back yet; the loop ends when it has been away for too long.
                silence = Duration.ZERO;
            }
        }
        throw new FailedException("The server at " + account.server() + " has been away for "
                + GIVE_UP_AFTER.toSeconds()
                + " seconds. A run that was accepted goes on without you if the server does.");
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void waitOrStop(Duration pause) throws FailedException, InterruptedException {
        var happening = inbox.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        switch (happening) {
            case Happening.StopAsked asked -> throw new InterruptedException();
            case Happening.Typed typed -> setAside.add(typed);
            case Happening.InputEnded ended -> setAside.add(ended);
            case Happening.Received received -> { /* of a socket that is gone */ }
            case Happening.Lost lost -> { /* of a socket that is gone */ }
            case null -> { /* the pause is over */ }
        }
    }

    private Welcome openSocket() throws IOException, FailedException, InterruptedException {
        var opened = Socket.open(http, account, ++sockets, inbox);
        var waited = Duration.ZERO;
        var slice = Duration.ofMillis(500);
        while (waited.compareTo(WELCOME_WITHIN) < 0) {
            switch (inbox.poll(slice.toMillis(), TimeUnit.MILLISECONDS)) {
                case null -> waited = waited.plus(slice);
                case Happening.Received(var number, var message) when number == opened.number() -> {
                    if (!message.path("type").stringValue("").equals("welcome")) {
                        throw new FailedException("What answers at " + account.server() + " is not Insula.");
                    }
                    socket = opened;
                    silence = Duration.ZERO;
                    return Welcome.of(message);
                }
                case Happening.Lost(var number, var code) when number == opened.number() -> throw new IOException(
                        "closed with " + code);
                case Happening.StopAsked asked -> throw new InterruptedException();
                case Happening.Typed typed -> setAside.add(typed);
                case Happening.InputEnded ended -> setAside.add(ended);
                case Happening.Received received -> { /* of a socket that is gone */ }
                case Happening.Lost lost -> { /* of a socket that is gone */ }
            }
        }
        opened.abort();
        throw new IOException("no welcome");
    }
}
