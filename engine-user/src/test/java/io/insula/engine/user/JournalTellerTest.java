package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That everything is told, in order, by one thread that nothing ends before it. */
final class JournalTellerTest {
    private final JournalTime time = new JournalTime();
    private final JournalTeller teller = new JournalTeller(time.environment().platformThreads());
    private final ConcurrentLinkedQueue<Integer> told = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        teller.close();
        time.awaitThreads();
    }

    /** Has it tell what lasts until the latch is open, and waits until it does. */
    private void tellUntil(CountDownLatch open) {
        CountDownLatch telling = new CountDownLatch(1);
        teller.tell(() -> {
            telling.countDown();
            Await.open(open);
        });
        Await.open(telling);
    }

    @Test
    void tellsInOrder() {
        List<Integer> all = IntStream.range(0, 1_000).boxed().toList();
        all.forEach(number -> teller.tell(() -> told.add(number)));
        teller.awaitSilence();
        assertEquals(all, List.copyOf(told));
    }

    @Test
    void thereIsNoSilenceBeforeTheLastIsTold() {
        CountDownLatch open = new CountDownLatch(1);
        tellUntil(open);
        teller.tell(() -> told.add(1));
        Thread waiting = Thread.ofPlatform().start(() -> {
            teller.awaitSilence();
            told.add(2);
        });
        Await.until("it waits", () -> waiting.getState() == Thread.State.WAITING);
        open.countDown();
        Await.until("there is silence", () -> !waiting.isAlive());
        assertEquals(List.of(1, 2), List.copyOf(told));
    }

    @Test
    void whatIsJustBeingToldIsNoSilence() {
        CountDownLatch open = new CountDownLatch(1);
        tellUntil(open);
        Thread waiting = Thread.ofPlatform().start(() -> {
            teller.awaitSilence();
            told.add((int) open.getCount());
        });
        Await.until("it waits", () -> waiting.getState() == Thread.State.WAITING);
        open.countDown();
        Await.until("there is silence", () -> !waiting.isAlive());
        assertEquals(List.of(0), List.copyOf(told));
    }

    @Test
    void goesOnAfterAFailure() {
        teller.tell(() -> {
            throw new StackOverflowError("on purpose");
        });
        teller.tell(() -> told.add(1));
        teller.awaitSilence();
        assertEquals(List.of(1), List.copyOf(told));
    }

    @Test
    void tellsWhatIsLeftWhenItIsClosed() {
        CountDownLatch open = new CountDownLatch(1);
        tellUntil(open);
        teller.tell(() -> told.add(1));
        teller.tell(() -> told.add(2));
        teller.close();
        open.countDown();
        teller.awaitSilence();
        time.awaitThreads();
        assertEquals(List.of(1, 2), List.copyOf(told));
    }

    @Test
    void silenceIsNotAwaitedInVainWhenItHasEnded() {
        teller.close();
        time.awaitThreads();
        teller.awaitSilence();
        assertTrue(told.isEmpty());
    }

    @Test
    void knowsWhomItIsTelling() {
        CompletableFuture<Boolean> caller = new CompletableFuture<>();
        teller.tell(() -> caller.complete(teller.isTellingCaller()));
        assertTrue(Await.value(caller));
        assertFalse(teller.isTellingCaller());
    }

    @Test
    void tellsInAThreadOfItsOwn() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        teller.tell(() -> thread.complete(Thread.currentThread()));
        assertNotEquals(Thread.currentThread(), Await.value(thread));
        assertEquals("insula-journal-teller", Await.value(thread).getName());
    }
}
