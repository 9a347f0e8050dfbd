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

/**
 * Has those who wait told what became of their turns, which are given back then. Used by the writer's thread alone; told
 * is it in the teller's.
 */
final class TurnOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(TurnOutcomes.class);

    private final JournalStorage storage;
    private final JournalLanes lanes;
    private final JournalTeller teller;
    /** Erases that stand, and are told of when the disk has been scrubbed. */
    private List<JournalTask> erased = new ArrayList<>();

    TurnOutcomes(JournalStorage storage, JournalLanes lanes, JournalTeller teller) {
        this.storage = storage;
        this.lanes = lanes;
        this.teller = teller;
    }

    /** The batch stands. */
    void settle(List<Turn> batch) {
        for (Turn turn : batch) {
            turn.tasks().stream().filter(TurnOutcomes::awaitsScrub).forEach(erased::add);
        }
        teller.tell(() -> batch.forEach(this::tell));
    }

    private static boolean awaitsScrub(JournalTask task) {
        return task.work() instanceof Work.Erase && task.failure().isEmpty();
    }

    private void tell(Turn turn) {
        for (JournalTask task : turn.tasks()) {
            if (!awaitsScrub(task)) {
                task.tell();
            }
        }
        tell(turn.user());
        lanes.giveBack(turn);
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
        teller.tell(() -> batch.forEach(turn -> {
            turn.tasks().forEach(task -> task.refuse(why));
            lanes.giveBack(turn);
        }));
    }

    /**
     * Refuses what still waits from before the journal was down: that of users whose turn nobody knew about could not be
     * taken until now. Written, it would stand in the log without what came before it.
     */
    void refuseWaiting() {
        JournalException why = JournalException.ofJournal("the journal was down");
        awaitTold();
        Optional<List<Turn>> waiting = lanes.take(false);
        while (waiting.isPresent() && !waiting.get().isEmpty()) {
            refuse(waiting.get(), why);
            awaitTold();
            waiting = lanes.take(false);
        }
    }

    /** Waits until everybody knows what became of their turns, and these are given back. */
    void awaitTold() {
        teller.awaitSilence();
    }

    /** Whether somebody waits for the disk to be scrubbed. */
    boolean isScrubAwaited() {
        return !erased.isEmpty();
    }

    /** The disk has been scrubbed. */
    void scrubbed() {
        List<JournalTask> clean = erased;
        erased = new ArrayList<>();
        teller.tell(() -> clean.forEach(JournalTask::tell));
    }

    /** The disk will not be scrubbed any more. */
    void refuseErased(JournalException why) {
        List<JournalTask> unclean = erased;
        erased = new ArrayList<>();
        teller.tell(() -> unclean.forEach(task -> task.refuse(why)));
    }
}
