package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/** A request starts at most one run, however often and from wherever it is sent. */
@ExtendWith(SharedApp.class)
class IdempotencyIT {
    private final PackagedApp app;

    IdempotencyIT(PackagedApp app) {
        this.app = app;
    }

    private static ObjectNode again(ObjectNode message, String id) {
        return message.deepCopy().put("id", id);
    }

    @Test
    @Tag("W56")
    void theSameRequestGetsTheFirstReceipt() {
        var token = app.token("again-same");
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var message = user.run("echo", "marker=once", "t");
            var first = user.succeed(message);
            var second = user.succeed(again(message, "second"));
            assertSuccess(user.awaitEnd(first.path("run").asString()));
            var afterTheEnd = user.succeed(again(message, "third"));
            user.abort();

            try (var reconnected = InsulaClient.follow(app.webSocket(), token)) {
                var afterReconnect = reconnected.succeed(again(message, "fourth"));

                for (var other : List.of(second, afterTheEnd, afterReconnect)) {
                    assertEquals(first.path("run"), other.path("run"));
                    assertEquals(first.path("thread"), other.path("thread"));
                    assertEquals(first.path("position"), other.path("position"));
                }
                assertEquals(1, runs(reconnected));
            }
        }
    }

    @Test
    @Tag("W55")
    void theSameRequestWithAnotherBodyIsRefused() {
        try (var user = app.user("again-other")) {
            var message = user.run("echo", "marker=once", "t");
            var started = user.start(message);

            assertEquals("request-reused", user.refused(again(message, "input").put("input", "marker=twice")));
            assertEquals("request-reused", user.refused(again(message, "agent").put("agent", "remember")));
            assertEquals("request-reused", user.refused(again(message, "thread").put("thread", "other")));
            assertEquals("request-reused", user.refused(again(message, "run").put("run", "other")));
            assertEquals("request-reused", user.refused(again(message, "busy").put("whenBusy", "reject")));

            assertSuccess(user.awaitEnd(started.run()));
            assertEquals(1, runs(user));
        }
    }

    @Test
    void theWayThatABodyIsWrittenDoesNotMatter() {
        try (var user = app.user("again-written")) {
            var message = user.run("echo", "marker=é", "t");
            var first = user.succeed(message);
            user.send(
                    "{\"id\":\"other-order\",\"thread\":\"t\",\"input\":\"marker=\\u00e9\",\"agent\":\"ech\\u006f\",  \"request\":\""
                            + message.path("request").asString().toUpperCase(java.util.Locale.ROOT)
                            + "\",\"type\":\"run.start\"}");

            assertEquals(first.path("run"), user.reply("other-order").path("run"));
            user.awaitEnd(first.path("run").asString());
        }
    }

    @Test
    void fiftyAtOnceOverSeveralConnectionsStartOneRun() {
        var token = app.token("again-at-once");
        try (var one = InsulaClient.follow(app.webSocket(), token);
                var two = InsulaClient.follow(app.webSocket(), token);
                var three = InsulaClient.follow(app.webSocket(), token)) {
            var clients = List.of(one, two, three);
            var message = one.run("echo", "marker=once count=3", "t");
            message.remove("thread");
            var senders = new ArrayList<Thread>();
            for (int i = 0; i < 51; i++) {
                int number = i;
                senders.add(Thread.ofVirtual()
                        .start(() -> clients.get(number % 3).send(again(message, "at once " + number))));
            }
            senders.forEach(IdempotencyIT::join);

            var runs = new HashSet<String>();
            var threads = new HashSet<String>();
            for (int i = 0; i < 51; i++) {
                var reply = clients.get(i % 3).reply("at once " + i);
                assertEquals("accepted", reply.path("type").asString(), reply::toString);
                runs.add(reply.path("run").asString());
                threads.add(reply.path("thread").asString());
            }

            assertEquals(1, runs.size());
            assertEquals(1, threads.size());
            clients.forEach(client -> assertSuccess(client.awaitEnd(runs.iterator().next())));
            clients.forEach(client -> assertEquals(1, runs(client)));
        }
    }

    @Test
    void aRunIdIsUsedOnce() {
        try (var user = app.user("again-run-id")) {
            var first = user.run("echo", "marker=a", "t").put("run", "chosen");
            assertEquals("chosen", user.start(first).run());

            assertEquals("run-exists", user.refused(user.run("echo", "marker=a", "t").put("run", "chosen")));
            assertSuccess(user.awaitEnd("chosen"));
            assertEquals("run-exists", user.refused(user.run("echo", "marker=a", "t").put("run", "chosen")));
        }
    }

    @Test
    void twoRequestsAreTwoRuns() {
        try (var user = app.user("again-two")) {
            var first = user.start("echo", "marker=same", "t");
            var second = user.start("echo", "marker=same", "t");

            assertNotEquals(first.run(), second.run());
            assertSuccess(user.awaitEnd(second.run()));
            assertEquals(2, runs(user));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long runs(InsulaClient user) {
        return user.events().stream().filter(event -> event.type().equals("RUN_STARTED")).count();
    }
}
