package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How runs begin, and go on after they had given up their place: each in threads of its own. Under the room's lock. */
final class RunStarts {
    private static final Logger LOG = LoggerFactory.getLogger(RunStarts.class);

    private final RunBoard board;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunEndings endings;
    private final Consumer<LiveRun> work;

    /**
     * Makes one for a user's board.
     *
     * @param work does a run, in the thread that was made for it
     */
    RunStarts(RunBoard board, RoomLock lock, RoomParts parts, RunEndings endings, Consumer<LiveRun> work) {
        this.board = board;
        this.lock = lock;
        this.parts = parts;
        this.endings = endings;
        this.work = work;
    }

    /** The run has a place. */
    void goOn(LiveRun run) {
        if (run.state == RunState.QUEUED) {
            begin(run);
            return;
        }
        run.suspension.cancel();
        if (run.state == RunState.WAITING_FOR_ANSWER) {
            run.state = RunTransitions.check(run.state, RunState.RUNNING);
        }
        if (run.threads.isEmpty()) {
            // Its agent is called again, and tells of it itself.
            launch(run);
            return;
        }
        board.appends().append(run, new JournalAppend().change(new RecordChange.RunSaved(run.record())));
        if (run.ended) {
            return;
        }
        run.deadline.start(() -> deadlinePassed(run));
        CompletableFuture<Boolean> goOn = run.placeAgain;
        lock.afterwards(() -> goOn.complete(true));
    }

    private void begin(LiveRun run) {
        run.state = RunTransitions.check(run.state, RunState.RUNNING);
        run.startedAt = Optional.of(parts.now());
        JournalAppend append = new JournalAppend();
        endings.start(run, append);
        Optional<PluginVersion> player = player(run.agent);
        if (player.isPresent()) {
            run.carry = run.carry.beganWith(player);
            append.change(new RecordChange.RunCarried(run.id, run.carry));
        }
        board.appends().append(run, append.change(new RecordChange.RunSaved(run.record())))
                .whenComplete((place, failure) -> run.begun.complete(place != null));
        if (!run.ended) {
            launch(run);
        }
    }

    /** What plays the agent, if it can be resumed. */
    private Optional<PluginVersion> player(String agent) {
        return parts.catalog().agents().stream()
                .filter(hosted -> hosted.resumable() && hosted.name().equals(agent))
                .map(hosted -> new PluginVersion(hosted.plugin(), hosted.version()))
                .findFirst();
    }

    private void launch(LiveRun run) {
        run.deadline.start(() -> deadlinePassed(run));
        Thread thread = parts.environment().runThreads().newThread(() -> work.accept(run));
        thread.setName("insula-run");
        board.threads().enter(run, thread, "");
        lock.afterwards(() -> start(run, thread));
    }

    private void start(LiveRun run, Thread thread) {
        try {
            thread.start();
        } catch (Throwable refused) {
            LOG.error("thread of a run cannot be started exception={}", Faults.describe(refused));
            board.end(run, new Ending.Failed(ErrorCode.INTERNAL, "The run could not be started."));
            board.threads().leave(run, thread);
        }
    }

    private void deadlinePassed(LiveRun run) {
        lock.run(() -> {
            // It may have begun to wait in the moment the alarm rang: then it has time left, by the rule.
            if (run.state == RunState.RUNNING) {
                board.end(run,
                        new Ending.TimedOut("The agent \"" + run.agent + "\" did not finish in the time it has."));
            }
        });
    }
}
