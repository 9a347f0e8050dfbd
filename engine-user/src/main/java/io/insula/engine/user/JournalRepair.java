package io.insula.engine.user;

import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.JournalLanes.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the journal down when storage fails, and brings it back: the storage is opened again, what became of the batch
 * that was under way is found out, and it is tried again and again whether it can be written. Used by the writer's
 * thread alone, but for what says otherwise.
 */
final class JournalRepair {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRepair.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    private final JournalStorage storage;
    private final JournalLanes lanes;
    private final TurnOutcomes outcomes;
    private final WatchedHealth health;
    /** Whether the time has come to try again; set by an alarm. */
    private volatile boolean retries;
    /** What somebody else met with; set by any thread. */
    private final AtomicReference<@Nullable JournalTroubleException> suspicion = new AtomicReference<>();
    /** Turns of which nobody knows whether they stand. */
    private List<Turn> unsettled = List.of();

    private boolean isOpen = true;
    private Duration nextRetry = FIRST_RETRY;

    JournalRepair(JournalStorage storage, JournalLanes lanes, TurnOutcomes outcomes, WatchedHealth health) {
        this.storage = storage;
        this.lanes = lanes;
        this.outcomes = outcomes;
        this.health = health;
    }

    /** Tells that the storage has failed somebody else, so that it is looked at. Called by any thread. */
    void suspect(JournalTroubleException trouble) {
        suspicion.compareAndSet(null, trouble);
        lanes.wake();
    }

    /** Takes the journal down if the storage is suspected, and says whether it was. */
    boolean beginIfSuspected() {
        JournalTroubleException trouble = suspicion.getAndSet(null);
        if (trouble != null) {
            begin(List.of(), trouble);
        }
        return trouble != null;
    }

    /**
     * Takes the journal down.
     *
     * @param batch of which nobody knows whether it stands
     */
    void begin(List<Turn> batch, Throwable failure) {
        JournalTrouble trouble = trouble(failure);
        LOG.error("journal is down reason={}", trouble.word(), failure);
        unsettled = batch;
        isOpen = false;
        lanes.shut();
        outcomes.awaitTold();
        health.become(new JournalHealth.Down(trouble));
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
    boolean isBack() {
        if (!retries) {
            return false;
        }
        retries = false;
        boolean back = (isOpen || reopen()) && probe();
        if (back) {
            LOG.info("journal can be written again");
            outcomes.refuseWaiting();
            lanes.reopen();
            health.become(new JournalHealth.Writable());
        } else {
            retryLater();
        }
        return back;
    }

    /** Opens the storage again, and settles what nobody knew about. */
    private boolean reopen() {
        try {
            boolean stands = storage.reopen();
            isOpen = true;
            List<Turn> known = unsettled;
            unsettled = List.of();
            if (stands) {
                outcomes.settle(known);
            } else {
                outcomes.refuse(known, JournalException.ofJournal("the batch failed"));
            }
            return true;
        } catch (Throwable failure) {
            LOG.warn("journal cannot be opened reason={}", trouble(failure).word(), failure);
            health.become(new JournalHealth.Down(trouble(failure)));
            return false;
        }
    }

    private boolean probe() {
        try {
            storage.probe();
            return true;
        } catch (Throwable failure) {
            LOG.warn("journal cannot be written reason={}", trouble(failure).word());
            health.become(new JournalHealth.Down(trouble(failure)));
            isOpen = false;
            return false;
        }
    }

    /** Gives up: the journal is closed. */
    void end() {
        outcomes.refuse(
                unsettled, JournalException.ofJournal("the journal was closed before it could be written again"));
    }
}
