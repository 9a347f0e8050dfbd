package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.JournalLanes.Turn;
import io.insula.engine.user.JournalTask.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * One platform thread that writes for all users, many turns in one batch. What is in a batch is told after the batch is
 * durable, while the next one is written.
 */
final class JournalWriter implements AutoCloseable {
    private static final Duration SCRUB_RETRY = Duration.ofMillis(50);

    private final JournalStorage storage;
    private final JournalLanes lanes;
    private final Thread thread;
    private final WatchedHealth health = new WatchedHealth();
    private final JournalTeller teller;
    private final TurnOutcomes outcomes;
    private final JournalRepair repair;

    JournalWriter(EngineLimits limits, ThreadFactory threads, LongSupplier nanoTime, JournalStorage storage) {
        this.storage = storage;
        this.lanes = new JournalLanes(limits, nanoTime, storage::later);
        this.teller = new JournalTeller(threads);
        this.outcomes = new TurnOutcomes(storage, lanes, teller);
        this.repair = new JournalRepair(storage, lanes, outcomes, health);
        this.thread = threads.newThread(this::run);
        this.thread.setName("insula-journal");
        this.thread.start();
    }

    /** Has it done, in order with the user's other tasks. */
    CompletionStage<Appended> submit(UserId user, Work work) {
        if (health.now() instanceof JournalHealth.Down down) {
            return CompletableFuture.failedFuture(unavailable(down));
        }
        JournalTask task = new JournalTask(work);
        if (!lanes.add(user, task)) {
            return CompletableFuture.failedFuture(
                    JournalException.ofJournal("the journal is closed, or was down a moment ago"));
        }
        return task.told();
    }

    private static JournalException unavailable(JournalHealth.Down down) {
        return JournalException.ofJournal("the journal cannot be written: " + down.trouble().word());
    }

    void awaitRoom(UserId user) throws InterruptedException {
        lanes.awaitRoom(user);
    }

    boolean hasRoom() {
        return health.now() instanceof JournalHealth.Writable && lanes.hasRoom();
    }

    long waitingBytes() {
        return lanes.waitingBytes();
    }

    JournalHealth health() {
        return health.now();
    }

    EventJournal.Following watchHealth(Runnable changed) {
        return health.watch(changed);
    }

    /** Tells that the storage has failed somebody else, so that it is looked at. */
    void suspect(JournalTroubleException trouble) {
        repair.suspect(trouble);
    }

    /** Has the storage tidied soon. */
    void wake() {
        lanes.wake();
    }

    private void run() {
        boolean more = false;
        Optional<List<Turn>> batch = next(true);
        while (batch.isPresent()) {
            if (health.now() instanceof JournalHealth.Down down) {
                outcomes.refuse(batch.get(), unavailable(down));
                // What was to be tidied or scrubbed meanwhile is looked after at once.
                more = repair.isBack();
            } else {
                more = write(batch.get()) && !repair.beginIfSuspected() && tidy();
                scrub(more);
            }
            batch = next(!more);
        }
        repair.end();
        outcomes.refuseWaiting();
        outcomes.refuseErased(new JournalException("the journal was closed before it was scrubbed"));
        outcomes.awaitTold();
        teller.close();
        storage.close();
    }

    private Optional<List<Turn>> next(boolean waits) {
        Optional<List<Turn>> batch = lanes.take(waits);
        if (batch.isPresent()) {
            return batch;
        }
        // Closed; but users whose turn is not given back yet may have something waiting.
        outcomes.awaitTold();
        return lanes.take(waits);
    }

    private boolean write(List<Turn> batch) {
        if (batch.isEmpty()) {
            return true;
        }
        try {
            storage.begin();
            for (Turn turn : batch) {
                storage.perform(turn);
            }
            storage.commit();
        } catch (Throwable failure) {
            // The thread writes for all users: nothing that one of them brings may end it.
            repair.begin(batch, failure);
            return false;
        }
        outcomes.settle(batch);
        return true;
    }

    private void scrub(boolean more) {
        if (!outcomes.isScrubAwaited() || health.now() instanceof JournalHealth.Down) {
            return;
        }
        try {
            if (storage.scrub()) {
                outcomes.scrubbed();
            } else if (!more) {
                storage.later(SCRUB_RETRY, lanes::wake);
            }
        } catch (Throwable failure) {
            repair.begin(List.of(), failure);
        }
    }

    private boolean tidy() {
        try {
            return storage.tidy();
        } catch (Throwable failure) {
            repair.begin(List.of(), failure);
            return false;
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        lanes.close();
        if (Thread.currentThread() == thread || teller.isTellingCaller()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
