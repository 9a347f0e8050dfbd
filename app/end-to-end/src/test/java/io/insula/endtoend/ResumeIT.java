package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever comes back with a position misses nothing and gets nothing twice. */
@ExtendWith(SharedApp.class)
class ResumeIT {
    private final PackagedApp app;

    ResumeIT(PackagedApp app) {
        this.app = app;
    }

    private static List<String> written(List<ReceivedEvent> events) {
        return events.stream().map(event -> event.sequence() + " " + event.event()).toList();
    }

    @Test
    void resumesInTheMiddleOfWhatGoesOn() {
        var token = app.token("resume-middle");
        try (var witness = InsulaClient.follow(app.webSocket(), token)) {
            var pieces = new ArrayList<ReceivedEvent>();
            var client = InsulaClient.follow(app.webSocket(), token);
            for (int i = 0; i < 12; i++) {
                var started = client.start("echo", "marker=m" + i + " count=400", "thread-" + i % 2);
                client.awaitEvent(started.run(), "TEXT_MESSAGE_CONTENT");
                client.abort();
                client.assertOrder();
                var seen = client.events();
                pieces.addAll(seen);
                client = InsulaClient.connect(app.webSocket(), token);
                var position = seen.isEmpty() ? witness.position() : InsulaClient.JSON.createObjectNode();
                position.put("epoch", witness.position().path("epoch").asString()).put("sequence",
                        seen.getLast().sequence());
                client.subscribe(position);
            }
            witness.awaitCount(12, "ends", ReceivedEvent::isTerminal);
            var last = client;
            // The last connection may have been cut after it had seen everything: then nothing is left to resume.
            if (pieces.getLast().sequence() < witness.events().getLast().sequence()) {
                last.awaitEvent("the last event", event -> event.sequence() == witness.events().getLast().sequence());
            }
            pieces.addAll(last.events());
            last.close();

            assertEquals(written(witness.events()), written(pieces));
        }
    }

    @Test
    void nowBeginsWithWhatComesAndStartWithTheFirst() {
        var token = app.token("resume-now");
        try (var first = InsulaClient.follow(app.webSocket(), token);
                var late = InsulaClient.connect(app.webSocket(), token)) {
            assertSuccess(first.awaitEnd(first.start("echo", "marker=before").run()));

            var from = late.subscribe("now").path("from");
            var started = first.start("echo", "marker=after");
            late.awaitEnd(started.run());

            assertEquals(from.path("sequence").asLong() + 1, late.events().getFirst().sequence());
            assertTrue(late.events().stream().allMatch(event -> event.run().equals(started.run())));
            assertEquals(1, first.events().getFirst().sequence());
        }
    }

    @Test
    void theSnapshotAndWhatFollowsItAreWhole() {
        var token = app.token("resume-snapshot");
        try (var first = InsulaClient.follow(app.webSocket(), token);
                var second = InsulaClient.connect(app.webSocket(), token)) {
            var waiting = first.start("asker", "kind=approval");
            var question = first.awaitQuestion(waiting.run());

            var snapshot = second.succeed(second.message("snapshot"));
            second.subscribe(snapshot.path("position"));
            first.succeed(first.answer(waiting.run(), question).put("answer", true));
            second.awaitEnd(waiting.run());
            first.awaitEnd(waiting.run());

            assertEquals(waiting.run(), Runs.only(snapshot.path("runs")).path("run").asString());
            long position = snapshot.path("position").path("sequence").asLong();
            assertEquals(written(first.events().stream().filter(event -> event.sequence() > position).toList()),
                    written(second.events()));
        }
    }

    @Test
    void aPositionThatCannotBeFollowedIsRefusedWithOneThatCan() {
        try (var user = app.user("resume-refused");
                var client = InsulaClient.connect(app.webSocket(), app.token("resume-refused"))) {
            assertSuccess(user.awaitEnd(user.start("echo", "marker=x").run()));
            var future = client.message("subscribe");
            future.set("after", user.position().put("sequence", 1_000_000));
            var unknown = client.message("subscribe");
            unknown.set("after", user.position().put("epoch", "no-such-epoch"));

            assertEquals("position-future", client.refused(future));
            var refusal = client.call(unknown);
            assertEquals("epoch-unknown", refusal.path("code").asString());
            client.subscribe(refusal.path("resumeFrom"));
            assertEquals("already-subscribed", client.refused(client.message("subscribe").put("after", "now")));
        }
    }

    @Test
    void everyConnectionSeesTheSame() {
        var token = app.token("resume-all");
        var clients = new ArrayList<InsulaClient>();
        for (int i = 0; i < 8; i++) {
            clients.add(InsulaClient.follow(app.webSocket(), token));
        }
        for (int i = 0; i < 8; i++) {
            clients.get(i).start("marked", "marker=m" + i, "thread-" + i % 3);
        }
        clients.forEach(client -> client.awaitCount(8, "ends", ReceivedEvent::isTerminal));
        for (var client : clients) {
            assertEquals(written(clients.getFirst().events()), written(client.events()));
            client.close();
        }
    }
}
