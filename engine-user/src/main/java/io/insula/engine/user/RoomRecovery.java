package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.agent.hosting.HostedAgent;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RunState;
import io.insula.engine.user.AgUiEvents.Author;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings back the runs of one user that had not ended when the room that they were in was lost. */
final class RoomRecovery {
    private final UserId user;
    private final RoomParts parts;

    RoomRecovery(UserId user, RoomParts parts) {
        this.user = user;
        this.parts = parts;
    }

    /**
     * A run that is back.
     *
     * @param questions what it waits for, and who asks it
     * @param ending how it ends at once, if it cannot go on
     */
    record Recovered(LiveRun run, Map<OpenQuestion, Author> questions, Optional<Ending> ending) {}

    /** Makes the runs anew, in the order accepted. Waits for storage. */
    List<Recovered> recover(List<UnfinishedRun> unfinished) {
        Map<RunId, String> begun = new HashMap<>();
        for (UnfinishedRun run : unfinished) {
            if (run.record().state() != RunState.QUEUED) {
                begun.put(run.record().id(), run.record().agent());
            }
        }
        Map<RunId, RunRemains> remains = RunRemains.read(parts.journal(), user, begun);
        List<Recovered> recovered = new ArrayList<>();
        for (UnfinishedRun run : unfinished) {
            RunRemains left = remains.get(run.record().id());
            recovered.add(left == null ? queued(run) : begun(run, left));
        }
        return recovered;
    }

    private Recovered queued(UnfinishedRun unfinished) {
        LiveRun run = live(unfinished, new OpenItems());
        // Its input has the first id, and it has written nothing else.
        run.countItemsFrom(1);
        return new Recovered(run, Map.of(), Optional.empty());
    }

    private LiveRun live(UnfinishedRun unfinished, OpenItems items) {
        RunRecord record = unfinished.record();
        RunCarry carry = unfinished.carry();
        Duration whole = RunDeadline.of(parts.limits().run(), agent(record.agent()).flatMap(HostedAgent::deadline));
        LiveRun run = new LiveRun(
                new LiveRun.Origin(
                        record.id(),
                        record.thread(),
                        record.ordinal(),
                        record.agent(),
                        carry.input(),
                        record.acceptedAt()),
                new RunDeadline(whole, carry.worked(), parts.alarms(), parts.environment().nanoTime()),
                new JoinedDeltas(parts.limits().run().deltaCharacters()),
                carry,
                items);
        run.state = record.state();
        run.startedAt = record.startedAt();
        run.durable = true;
        return run;
    }

    private Optional<HostedAgent> agent(String name) {
        return parts.catalog().agents().stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst();
    }

    private Recovered begun(UnfinishedRun unfinished, RunRemains left) {
        RunRecord record = unfinished.record();
        LiveRun run = live(unfinished, left.items());
        left.count(run);
        run.messages = Math.max(0, parts.journal().lastMessageIndex(user, record.thread(), record.ordinal()));
        boolean waits = record.state() == RunState.WAITING_FOR_ANSWER;
        run.revival = waits ? LiveRun.Revival.ANSWERED : LiveRun.Revival.INTERRUPTED;
        Map<OpenQuestion, Author> questions = new HashMap<>();
        // One that was never shown, because that was lost, cannot be answered or withdrawn.
        record.questions().forEach(
                question -> left.asker(question.id()).ifPresent(asker -> questions.put(question, asker)));
        run.parked = waits && !questions.isEmpty() && !hasUnreadAnswer(run);
        return new Recovered(run, questions, ending(run));
    }

    private boolean hasUnreadAnswer(LiveRun run) {
        return run.isResumable() && new RunScript(parts.journal().script(user, run.id)).hasUnreadAnswer();
    }

    /** How the run ends, if it cannot go on. */
    private Optional<Ending> ending(LiveRun run) {
        if (!run.isResumable()) {
            return Optional.of(interrupted("The platform was stopped before the run ended."));
        }
        int most = parts.limits().run().attempts();
        return run.revival == LiveRun.Revival.INTERRUPTED && run.carry.attempt() >= most
                ? Optional.of(interrupted("The run was interrupted " + most + " times."))
                : Optional.empty();
    }

    private static Ending interrupted(String message) {
        return new Ending.Failed(ErrorCode.INTERRUPTED, message);
    }
}
