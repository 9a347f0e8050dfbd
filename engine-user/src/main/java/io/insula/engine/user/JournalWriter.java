package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.JournalLanes.Turn;
import io.insula.engine.user.JournalTask.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread that writes for all users, many turns in one batch. What is in a batch is told after the batch is
 * durable.
 */
final class JournalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);
    private static final Duration SCRUB_RETRY = Duration.ofMillis(50);

    private final JournalStorage storage;
    private final JournalLanes lanes;
    private final Thread thread;
    private final Set<HealthWatcher> healthWatchers = ConcurrentHashMap.newKeySet();
    /** Set by the writer's thread. */
    private volatile JournalHealth health = new JournalHealth.Writable();
    /** Whether the time has come to try again; set by an alarm. */
    private volatile boolean retries;
    private final AtomicReference<@Nullable JournalTroubleException> suspicion = new AtomicReference<>();
    /** Used by the writer's thread alone, as everything below: turns of which nobody knows whether they stand. */
    private List<Turn> unsettled = List.of();

    private List<JournalTask> erased = new ArrayList<>();
    private boolean isOpen = true;
    private Duration nextRetry = FIRST_RETRY;

    /** A wish to be told, apart from every other one: the same action may be given twice. */
    private static final class HealthWatcher {
        final Runnable changed;

        HealthWatcher(Runnable changed) {
            this.changed = changed;
        }
    }

    JournalWriter(EngineLimits limits, ThreadFactory threads, JournalStorage storage) {
        this.storage = storage;
        this.lanes = new JournalLanes(limits);
        this.thread = threads.newThread(this::run);
        this.thread.setName("insula-journal");
        this.thread.start();
    }

    /** Has it done, in order with the user's other tasks. */
    CompletionStage<Appended> submit(UserId user, Work work) {
        if (health instanceof JournalHealth.Down down) {
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
        return health instanceof JournalHealth.Writable && lanes.hasRoom();
    }

    JournalHealth health() {
        return health;
    }

    EventJournal.Following watchHealth(Runnable changed) {
        HealthWatcher watcher = new HealthWatcher(changed);
        healthWatchers.add(watcher);
        return () -> healthWatchers.remove(watcher);
    }

    /** Tells that the storage has failed somebody else, so that it is looked at. */
    void suspect(JournalTroubleException trouble) {
        suspicion.compareAndSet(null, trouble);
        lanes.wake();
    }

    /** Has the storage tidied soon. */
    void wake() {
        lanes.wake();
    }

    private void run() {
        boolean more = false;
        Optional<List<Turn>> batch = lanes.take(true);
        while (batch.isPresent()) {
            if (health instanceof JournalHealth.Down down) {
                refuse(batch.get(), unavailable(down));
                // What was to be tidied or scrubbed meanwhile is looked after at once.
                more = isBack();
            } else {
                more = write(batch.get()) && isTrusted() && tidy();
                scrub(more);
            }
            batch = lanes.take(!more);
        }
        refuse(unsettled, JournalException.ofJournal("the journal was closed before it could be written again"));
        refuseWaiting();
        erased.forEach(task -> task.refuse(new JournalException("the journal was closed before it was scrubbed")));
        storage.close();
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
            unsettled = batch;
            goDown(failure);
            return false;
        }
        settle(batch);
        return true;
    }

    private boolean isTrusted() {
        JournalTroubleException trouble = suspicion.getAndSet(null);
        if (trouble != null) {
            goDown(trouble);
        }
        return trouble == null;
    }

    private void settle(List<Turn> batch) {
        for (Turn turn : batch) {
            for (JournalTask task : turn.tasks()) {
                if (task.work() instanceof Work.Erase && task.failure().isEmpty()) {
                    erased.add(task);
                } else {
                    task.tell();
                }
            }
            tell(turn.user());
            lanes.giveBack(turn);
        }
    }

    private void tell(UserId user) {
        try {
            storage.written(user);
        } catch (Throwable failure) {
            LOG.error("follower failed", failure);
        }
    }

    private void refuse(List<Turn> batch, JournalException why) {
        for (Turn turn : batch) {
            turn.tasks().forEach(task -> task.refuse(why));
            lanes.giveBack(turn);
        }
    }

    private void scrub(boolean more) {
        if (erased.isEmpty() || health instanceof JournalHealth.Down) {
            return;
        }
        try {
            if (storage.scrub()) {
                List<JournalTask> clean = erased;
                erased = new ArrayList<>();
                clean.forEach(JournalTask::tell);
            } else if (!more) {
                storage.later(SCRUB_RETRY, lanes::wake);
            }
        } catch (Throwable failure) {
            goDown(failure);
        }
    }

    private boolean tidy() {
        try {
            return storage.tidy();
        } catch (Throwable failure) {
            goDown(failure);
            return false;
        }
    }

    private void goDown(Throwable failure) {
        JournalTrouble trouble = trouble(failure);
        LOG.error("journal is down reason={}", trouble.word(), failure);
        isOpen = false;
        lanes.shut();
        become(new JournalHealth.Down(trouble));
        nextRetry = FIRST_RETRY;
        suspicion.set(null);
        reopen();
        retryLater();
    }

    private static JournalTrouble trouble(Throwable failure) {
        return failure instanceof JournalTroubleException known ? known.trouble() : JournalTrouble.STORAGE_FAILED;
    }

    private void retryLater() {
        storage.later(nextRetry, () -> {
            retries = true;
            lanes.wake();
        });
        Duration twice = nextRetry.multipliedBy(2);
        nextRetry = twice.compareTo(LAST_RETRY) < 0 ? twice : LAST_RETRY;
    }

    /** Tries, when the time has come, whether the journal can be written again. */
    private boolean isBack() {
        if (!retries) {
            return false;
        }
        retries = false;
        boolean back = (isOpen || reopen()) && probe();
        if (back) {
            LOG.info("journal can be written again");
            refuseWaiting();
            lanes.reopen();
            become(new JournalHealth.Writable());
        } else {
            retryLater();
        }
        return back;
    }

    /**
     * Refuses what still waits from before the journal was down: that of users whose turn nobody knew about could not be
     * taken until now. Written, it would stand in the log without what came before it.
     */
    private void refuseWaiting() {
        JournalException why = JournalException.ofJournal("the journal was down");
        Optional<List<Turn>> waiting = lanes.take(false);
        while (waiting.isPresent() && !waiting.get().isEmpty()) {
            refuse(waiting.get(), why);
            waiting = lanes.take(false);
        }
    }

    /** Opens the storage again, and settles what nobody knew about. */
    private boolean reopen() {
        try {
            boolean stands = storage.reopen();
            isOpen = true;
            List<Turn> known = unsettled;
            unsettled = List.of();
            if (stands) {
                settle(known);
            } else {
                refuse(known, JournalException.ofJournal("the batch failed"));
            }
            return true;
        } catch (Throwable failure) {
            LOG.warn("journal cannot be opened reason={}", trouble(failure).word(), failure);
            become(new JournalHealth.Down(trouble(failure)));
            return false;
        }
    }

    private boolean probe() {
        try {
            storage.probe();
            return true;
        } catch (Throwable failure) {
            LOG.warn("journal cannot be written reason={}", trouble(failure).word());
            become(new JournalHealth.Down(trouble(failure)));
            isOpen = false;
            return false;
        }
    }

    private void become(JournalHealth now) {
        if (health.equals(now)) {
            return;
        }
        health = now;
        for (HealthWatcher watcher : healthWatchers) {
            try {
                watcher.changed.run();
            } catch (Throwable failure) {
                LOG.error("watcher of the journal failed", failure);
            }
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        lanes.close();
        if (Thread.currentThread() == thread) {
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
