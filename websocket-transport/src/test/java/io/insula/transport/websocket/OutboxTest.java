package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Position START = new Position("epoch-1", 0);

    @Test
    void theReplyThatOpensAFeedComesBeforeItsEventsHoweverTheThreadsMeet() throws InterruptedException {
        Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
        var over = new AtomicBoolean();
        // It never sleeps, so that a step begins within the few instructions in which the feed is opened.
        Thread worker = Thread.ofPlatform().start(() -> work(steps, over));
        try {
            for (int i = 0; i < 50_000; i++) {
                var peer = new TakingPeer();
                Outbox outbox = outbox(steps::add);
                outbox.open(peer);
                outbox.eventsAvailable();
                for (int wait = 0; wait < i % 100; wait++) {
                    Thread.onSpinWait();
                }
                outbox.offer(bytes("reply"));
                outbox.feed().open(new OneEvent());
                outbox.eventsAvailable();
                assertEquals("reply", peer.next());
                assertEquals("event", peer.next());
            }
        } finally {
            over.set(true);
        }
        worker.join();
    }

    @Test
    void aReplyThatHasNoRoomInTheFlushStillComesBeforeTheEvents() throws InterruptedException {
        Queue<Runnable> steps = new ArrayDeque<>();
        var peer = new TakingPeer();
        Outbox outbox = outbox(steps::add);
        String large = "a".repeat(TransportLimits.defaults().connections().eventsBytes() - 1);
        outbox.offer(bytes(large));
        outbox.offer(bytes("reply"));
        outbox.feed().open(new OneEvent());
        outbox.open(peer);
        outbox.eventsAvailable();
        while (!steps.isEmpty()) {
            steps.remove().run();
        }
        assertEquals(large, peer.next());
        assertEquals("reply", peer.next());
        assertEquals("event", peer.next());
    }

    @Test
    void eventsThatWereThereBeforeTheFeedWasOpenAreTakenOnce() throws InterruptedException {
        Queue<Runnable> steps = new ArrayDeque<>();
        var peer = new TakingPeer();
        Outbox outbox = outbox(steps::add);
        outbox.open(peer);
        outbox.eventsAvailable();
        steps.remove().run();
        outbox.feed().open(new OneEvent());
        outbox.eventsAvailable();
        assertEquals(1, steps.size());
        steps.remove().run();
        assertEquals("event", peer.next());
        assertEquals(0, steps.size());
        assertEquals(0, peer.messages.size());
    }

    private static void work(Queue<Runnable> steps, AtomicBoolean over) {
        while (!over.get()) {
            Runnable step = steps.poll();
            if (step == null) {
                Thread.onSpinWait();
            } else {
                step.run();
            }
        }
    }

    private static Outbox outbox(Executor steps) {
        var surroundings = new Surroundings(
                TransportLimits.defaults(),
                new MessageReader(1_000),
                new ServerMessages(),
                new ResponseBodies(),
                new TransportCounts(),
                steps,
                () -> Instant.EPOCH,
                () -> 0);
        return new Outbox(surroundings, "connection", new Telling());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Tells events by their text alone. */
    private static final class Telling implements EventTelling {
        @Override
        public byte[] events(EventBatch batch) {
            return bytes(batch.events().getFirst().json());
        }

        @Override
        public byte[] ended(RefusedException why) {
            return bytes("ended");
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }

    /** Has one event. */
    private static final class OneEvent implements EventSubscription {
        private final List<UserEvent> left =
                new ArrayList<>(List.of(new UserEvent(1, new ThreadId("t1"), new RunId("r1"), "event")));

        @Override
        public Position from() {
            return START;
        }

        @Override
        public EventBatch poll(int maxEvents, int maxBytes) {
            var batch = new EventBatch(START.epoch(), left);
            left.clear();
            return batch;
        }

        @Override
        public void close() {
            left.clear();
        }
    }

    /** Takes everything at once. */
    private static final class TakingPeer implements Peer {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String message = messages.poll(20, TimeUnit.SECONDS);
            return message == null ? "nothing" : message;
        }

        @Override
        public void send(List<byte[]> sent, Callback taken) {
            sent.forEach(message -> messages.add(new String(message, StandardCharsets.UTF_8)));
            taken.succeeded();
        }

        @Override
        public void close(CloseReason why) {
            messages.add("close " + why);
        }

        @Override
        public void abort() {
            messages.add("abort");
        }
    }
}
