package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.node.ObjectNode;

/**
 * A user who keeps the application busy with whatever a user may do, goes on after every crash where it was cut off, and
 * remembers everything that it was told. One thread at a time.
 */
final class BusyUser {
    private static final int UNFINISHED_AT_ONCE = 7;
    private static final int SENT_AGAIN = 6;

    private final String subject;
    private final UserLedger ledger;
    private final Random random;
    private final Random ids;
    private final AtomicReference<Optional<FrailConnection>> last = new AtomicReference<>(Optional.empty());

    BusyUser(String subject, long seed, long seedOfIds, Runnable eventsCame) {
        this.ledger = new UserLedger(subject, eventsCame);
        this.subject = subject;
        this.random = new Random(seed);
        this.ids = new Random(seedOfIds);
    }

    UserLedger ledger() {
        return ledger;
    }

    String subject() {
        return subject;
    }

    /** Connects, follows the events from the last one seen, and sends again what was asked before. */
    FrailConnection comeBack(PackagedApp app) throws LostException, InterruptedException {
        var connection = FrailConnection.open(app.webSocket(), app.token(subject), ledger);
        last.set(Optional.of(connection));
        boolean back = false;
        try {
            follow(connection);
            sendAgain(connection);
            back = true;
            return connection;
        } finally {
            if (!back) {
                connection.close();
            }
        }
    }

    /** The application is gone, so the connection is too, also when the JDK's client does not notice. */
    void lose() {
        last.get().ifPresent(FrailConnection::cut);
    }

    private UserActions actions(PackagedApp app, FrailConnection connection) {
        return new UserActions(app, subject, ledger, connection, random, ids);
    }

    private void follow(FrailConnection connection) throws LostException, InterruptedException {
        ObjectNode subscribe = connection.message("subscribe");
        ledger.position().ifPresentOrElse(position -> subscribe.set("after", position),
                () -> subscribe.put("after", "start"));
        var reply = connection.call(subscribe);
        UserActions.requireJournal(reply);
        if (!reply.path("type").asString().equals("result")) {
            ledger.find("not let back to " + ledger.position() + ": " + reply);
        }
    }

    private void sendAgain(FrailConnection connection) throws LostException, InterruptedException {
        for (var message : ledger.unsettled()) {
            ledger.settle(message, connection.call(connection.again(message)));
        }
        for (var message : someOf(ledger.settled())) {
            ledger.settle(message, connection.call(connection.again(message)));
        }
    }

    /** The last ones, and as many of any time before. */
    private List<ObjectNode> someOf(List<ObjectNode> settled) {
        var last = settled.subList(Math.max(0, settled.size() - SENT_AGAIN), settled.size());
        return settled.stream().filter(each -> last.contains(each) || random.nextInt(settled.size()) < SENT_AGAIN)
                .toList();
    }

    /** Does so many things, one after another, or fewer if the application is killed meanwhile. */
    void work(PackagedApp app, long deeds) throws InterruptedException {
        try (var connection = comeBack(app)) {
            try {
                var actions = actions(app, connection);
                for (long done = 0; done < deeds && !connection.isLost(); done++) {
                    act(connection, actions);
                }
            } finally {
                noteFarewell(connection);
            }
        } catch (LostException killed) {
            // What was asked and not answered stays in the ledger, and is asked again.
            return;
        }
    }

    /**
     * Does some things, sees some of what comes of them, and breaks the connection, so many times.
     *
     * @param within the time over which that is spread; some of it passes with a connection, some without
     */
    void comeAndGo(PackagedApp app, int times, Duration within) throws LostException, InterruptedException {
        long each = within.toNanos() / times;
        long next = System.nanoTime();
        for (int i = 0; i < times; i++, next += each) {
            waitUntil(next + (long) (random.nextDouble() * each));
            try (var connection = comeBack(app)) {
                var actions = actions(app, connection);
                for (int deed = random.nextInt(3); deed >= 0; deed--) {
                    act(connection, actions);
                }
                long enough = ledger.seen() + random.nextInt(60);
                ledger.await("some events", connection, () -> ledger.seen() >= enough || ledger.isAllOver()
                        || !ledger.questions().isEmpty() || !ledger.unfinished("wait-for-stop").isEmpty());
                if (random.nextBoolean()) {
                    waitUntil(next + each);
                }
                noteFarewell(connection);
            }
        }
    }

    /** Does nothing for a while. */
    void rest(Duration longest) throws InterruptedException {
        waitUntil(System.nanoTime() + (long) (random.nextDouble() * longest.toNanos()));
    }

    private static void waitUntil(long nanos) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    }

    private void noteFarewell(FrailConnection connection) {
        connection.farewell().ifPresent(ledger::bidFarewell);
    }

    private void act(FrailConnection connection, UserActions actions) throws LostException, InterruptedException {
        long seen = ledger.seen();
        var questions = ledger.questions();
        if (!questions.isEmpty() && random.nextInt(3) > 0) {
            var question = questions.entrySet().iterator().next();
            actions.answer(question.getKey(), question.getValue());
            return;
        }
        var unfinished = ledger.unfinished();
        if (unfinished.size() >= UNFINISHED_AT_ONCE) {
            var waiting = ledger.unfinished("wait-for-stop");
            if (!waiting.isEmpty()) {
                actions.cancel(waiting.getFirst());
            } else if (questions.isEmpty()) {
                ledger.await("something to happen", connection, () -> ledger.seen() > seen);
            }
            return;
        }
        choose(actions, unfinished);
    }

    private void choose(UserActions actions, List<String> unfinished) throws LostException, InterruptedException {
        int choice = random.nextInt(100);
        if (choice < 30) {
            actions.echo();
        } else if (choice < 40) {
            actions.hello();
        } else if (choice < 55) {
            actions.other();
        } else if (choice < 65) {
            actions.beAsked();
        } else if (choice < 70) {
            actions.remember();
        } else if (choice < 75) {
            actions.disturb();
        } else if (choice < 79) {
            actions.askForCosts();
        } else if (choice < 82) {
            actions.upload();
        } else if (choice < 85) {
            actions.snapshot();
        } else if (choice < 88) {
            actions.sayAndDelete();
        } else if (!unfinished.isEmpty()) {
            String run = unfinished.get(random.nextInt(unfinished.size()));
            if (choice < 94) {
                actions.cancel(run);
            } else if (choice < 97) {
                actions.read(run);
            } else {
                actions.rename(ledger.threadOf(run));
            }
        }
    }

    /** Brings everything under way to its end, over a connection that is not cut. */
    void finish(PackagedApp app, List<Outage> outages) throws LostException, InterruptedException {
        try (var connection = comeBack(app)) {
            var actions = actions(app, connection);
            actions.echo("last");
            while (!ledger.isAllOver()) {
                long seen = ledger.seen();
                for (var question : ledger.questions().entrySet()) {
                    actions.answer(question.getKey(), question.getValue());
                }
                for (var run : ledger.unfinished("wait-for-stop")) {
                    actions.cancel(run);
                }
                ledger.await("the end of all runs", connection,
                        () -> ledger.isAllOver() || ledger.seen() > seen);
                if (connection.isLost()) {
                    throw new AssertionError("lost without being killed: " + connection.farewell());
                }
            }
            var stored = new UserLedger(subject, () -> {});
            try (var reader = FrailConnection.open(app.webSocket(), app.token(subject), stored)) {
                reader.call(reader.message("subscribe").put("after", "start"));
                stored.await("all that is stored", reader, () -> stored.seen() >= ledger.seen());
                new EventCheck(ledger, stored, outages).check();
                new RecordCheck(ledger, connection).check();
            }
        }
    }
}
