package io.insula.engine.user;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A journal's clock: every write asks it, so that it can also hold a write up, or make it fail. */
final class JournalTime {
    static final Instant BEGINNING = Instant.parse("2026-11-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGINNING);
    private final AtomicBoolean fails = new AtomicBoolean();
    private final AtomicBoolean holds = new AtomicBoolean();
    private final AtomicBoolean held = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();

    EngineEnvironment environment() {
        return new EngineEnvironment(
                this::read,
                () -> 0,
                new SecureRandom(),
                Thread.ofVirtual().factory(),
                work -> {
                    Thread thread = Thread.ofPlatform().daemon(true).unstarted(work);
                    threads.add(thread);
                    return thread;
                });
    }

    private Instant read() {
        if (holds.get()) {
            held.set(true);
            Await.until("writing may go on", () -> !holds.get());
        }
        if (fails.getAndSet(false)) {
            throw new IllegalStateException("on purpose");
        }
        return now.get();
    }

    void advance(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    void failNextWrite() {
        fails.set(true);
    }

    /** Lets nothing be written any more. */
    void hold() {
        holds.set(true);
    }

    /** Waits until a write is held up. */
    void awaitHeld() {
        Await.until("a write is held up", held::get);
    }

    void goOn() {
        holds.set(false);
        held.set(false);
    }

    void awaitThreads() {
        Await.until("threads of the journal are gone", () -> threads.stream().noneMatch(Thread::isAlive));
    }
}
