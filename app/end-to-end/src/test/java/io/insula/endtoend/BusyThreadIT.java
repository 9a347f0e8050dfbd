package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertCancelled;
import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The four ways to treat a thread that is busy. */
@ExtendWith(SharedApp.class)
class BusyThreadIT {
    private final PackagedApp app;

    BusyThreadIT(PackagedApp app) {
        this.app = app;
    }

    private static InsulaClient.Started busy(InsulaClient user, String thread) {
        var started = user.start("wait-for-stop", "", thread);
        user.awaitText(started.run(), "waiting");
        return started;
    }

    @Test
    void enqueueRunsInTheOrderAccepted() {
        try (var user = app.user("busy-enqueue")) {
            var first = busy(user, "t");
            var queued = new ArrayList<String>();
            for (int i = 0; i < 8; i++) {
                var message = user.run("echo", "marker=" + i, "t");
                queued.add(user.start(i % 2 == 0 ? message : message.put("whenBusy", "enqueue")).run());
            }

            user.cancel(first.run());
            queued.forEach(run -> assertSuccess(user.awaitEnd(run)));

            var started = user.events().stream().filter(event -> event.type().equals("RUN_STARTED"))
                    .map(ReceivedEvent::run).toList();
            assertEquals(queued, started.subList(1, started.size()));
            var order = user.events().stream().filter(event -> event.type().equals("RUN_STARTED") || event.isTerminal())
                    .toList();
            for (int i = 0; i + 1 < order.size(); i += 2) {
                assertEquals(order.get(i).run(), order.get(i + 1).run(), "two runs of one thread at once");
            }
        }
    }

    @Test
    void rejectRefusesAndConsumesNothing() {
        try (var user = app.user("busy-reject")) {
            var first = busy(user, "t");
            var request = user.run("echo", "marker=later", "t").put("whenBusy", "reject").put("run", "chosen");

            assertEquals("thread-busy", user.refused(request));
            assertEquals("run-unknown", user.refused(user.message("run.read").put("run", "chosen")));

            user.cancel(first.run());
            user.awaitEnd(first.run());
            var accepted = user.start(request.deepCopy().put("id", "second try"));
            assertEquals("chosen", accepted.run());
            assertSuccess(user.awaitEnd("chosen"));
        }
    }

    @Test
    void interruptStopsWhatRunsAndWhatWaits() {
        try (var user = app.user("busy-interrupt")) {
            var running = busy(user, "t");
            var queued = List.of(user.start("echo", "marker=never", "t"), user.start("echo", "marker=never", "t"));
            var elsewhere = busy(user, "other");

            var next = user.start(user.run("echo", "marker=now", "t").put("whenBusy", "interrupt"));

            assertSuccess(user.awaitEnd(next.run()));
            assertCancelled(user.awaitEnd(running.run()));
            for (var each : queued) {
                assertCancelled(user.awaitEnd(each.run()));
                assertEndedOnce(user, each.run(), "cancelled");
                assertEquals("", user.said(each.run()));
            }
            assertEndedOnce(user, running.run(), "cancelled");
            assertEquals("running", user.read(elsewhere.run()).path("state").asString());
            user.cancel(elsewhere.run());
            assertTrue(messages(user, "t").stream().anyMatch(text -> text.contains("waiting")),
                    "interrupt hid a message");
        }
    }

    @Test
    void rollbackTakesTheMessagesBackToo() {
        try (var user = app.user("busy-rollback")) {
            assertSuccess(user.awaitEnd(user.start("echo", "marker=kept", "t").run()));
            var running = busy(user, "t");
            var queued = user.start("echo", "marker=taken-back", "t");

            var next = user.start(user.run("remember", "what is left", "t").put("whenBusy", "rollback"));

            assertSuccess(user.awaitEnd(next.run()));
            assertEndedOnce(user, running.run(), "cancelled");
            assertEndedOnce(user, queued.run(), "cancelled");
            var hidden = user.awaitEvent("the messages taken back", event -> event.isCustom("insula.messages.hidden"));
            var runs = new ArrayList<String>();
            hidden.value().path("runs").forEach(run -> runs.add(run.asString()));
            assertEquals(List.of(running.run(), queued.run()).stream().sorted().toList(),
                    runs.stream().sorted().toList());
            assertEquals("visit 1|USER:marker=kept|ASSISTANT:[kept#0]", user.said(next.run()));
            assertTrue(messages(user, "t").stream()
                    .noneMatch(text -> text.contains("waiting") || text.contains("taken-back")));
        }
    }

    @Test
    void whoeverIsNotBusyIsServedInEveryWay() {
        try (var user = app.user("busy-not")) {
            for (String way : List.of("enqueue", "reject", "interrupt", "rollback")) {
                var started = user.start(user.run("echo", "marker=" + way, "thread-" + way).put("whenBusy", way));
                assertSuccess(user.awaitEnd(started.run()));
                assertEquals("[" + way + "#0]", user.said(started.run()));
            }
            assertEquals("field-invalid", user.refused(user.run("echo", "marker=x", "t").put("whenBusy", "hurry")));
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndConsumesNothing() {
        try (var user = app.user("busy-full")) {
            var first = busy(user, "t");
            for (int i = 0; i < 32; i++) {
                user.start("echo", "marker=" + i, "t");
            }
            var request = user.run("echo", "marker=32", "t").put("request", UUID.randomUUID().toString());

            assertEquals("queue-full", user.refused(request));

            user.cancel(first.run());
            user.awaitCount(33, "ends", ReceivedEvent::isTerminal);
            assertSuccess(user.awaitEnd(user.start(request.deepCopy().put("id", "second try")).run()));
        }
    }

    private static List<String> messages(InsulaClient user, String thread) {
        var texts = new ArrayList<String>();
        for (JsonNode message : user.succeed(user.message("thread.read").put("thread", thread)).path("messages")) {
            texts.add(message.path("text").asString());
        }
        return texts;
    }
}
