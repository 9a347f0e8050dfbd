package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.JournalLanes.Turn;
import io.insula.engine.user.JournalTask.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who wait what became of their turns. Used by the writer's thread alone. */
final class TurnOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(TurnOutcomes.class);

    private final JournalStorage storage;
    private final JournalLanes lanes;
    /** Erases that stand, and are told of when the disk has been scrubbed. */
    private List<JournalTask> erased = new ArrayList<>();

    TurnOutcomes(JournalStorage storage, JournalLanes lanes) {
        this.storage = storage;
        this.lanes = lanes;
    }

    /** The batch stands. */
    void settle(List<Turn> batch) {
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

    /** Nothing of the batch is written. */
    void refuse(List<Turn> batch, JournalException why) {
        for (Turn turn : batch) {
            turn.tasks().forEach(task -> task.refuse(why));
            lanes.giveBack(turn);
        }
    }

    /**
     * Refuses what still waits from before the journal was down: that of users whose turn nobody knew about could not be
     * taken until now. Written, it would stand in the log without what came before it.
     */
    void refuseWaiting() {
        JournalException why = JournalException.ofJournal("the journal was down");
        Optional<List<Turn>> waiting = lanes.take(false);
        while (waiting.isPresent() && !waiting.get().isEmpty()) {
            refuse(waiting.get(), why);
            waiting = lanes.take(false);
        }
    }

    /** Whether somebody waits for the disk to be scrubbed. */
    boolean isScrubAwaited() {
        return !erased.isEmpty();
    }

    /** The disk has been scrubbed. */
    void scrubbed() {
        List<JournalTask> clean = erased;
        erased = new ArrayList<>();
        clean.forEach(JournalTask::tell);
    }

    /** The disk will not be scrubbed any more. */
    void refuseErased(JournalException why) {
        erased.forEach(task -> task.refuse(why));
    }
}
