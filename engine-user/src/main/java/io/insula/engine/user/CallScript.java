package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.engine.api.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one call of an agent did before its run was interrupted, given back in order, and what it does now, recorded
 * behind it. Used by the thread of the call; what is recorded goes into appends made under the room's lock.
 */
final class CallScript {
    private final LiveRun run;
    private final RunBoard board;
    private final RunScript script;
    private final String author;
    private final boolean recorded;
    private final Deque<RunScript.Operation> before;
    private final List<ShownText> shown = new ArrayList<>();
    private final Set<String> endedSteps = new HashSet<>();
    private int children;
    private int steps;
    private int done;

    private CallScript(LiveRun run, RunBoard board, RunScript script, String author, boolean recorded) {
        this.run = run;
        this.board = board;
        this.script = script;
        this.author = author;
        this.recorded = recorded;
        this.before = new ArrayDeque<>(recorded ? script.operations(author) : List.of());
        for (RunScript.Operation operation : before) {
            if (operation.kind() == ScriptKind.STEP_END) {
                endedSteps.add(operation.value());
            }
        }
    }

    /** The script of the run's own agent. */
    static CallScript of(LiveRun run, RunBoard board, RunScript script) {
        return new CallScript(run, board, script, "", true);
    }

    /** For a call that cannot be played again: nothing is recorded and nothing comes back. */
    static CallScript unrecorded(LiveRun run, RunBoard board) {
        return new CallScript(run, board, new RunScript(), "", false);
    }

    /** The script of a sub-agent of this call. */
    CallScript child(int number) {
        return new CallScript(run, board, script, author + "/" + number, recorded);
    }

    /** The same call without a memory, of an agent that cannot be played again. */
    CallScript withoutMemory() {
        return unrecorded(run, board);
    }

    /** The number of the sub-agent that is called next. */
    int nextChild() {
        return ++children;
    }

    /** The number of the step that begins next. */
    String nextStep() {
        return Integer.toString(++steps);
    }

    boolean hadEndedStep(String number) {
        return endedSteps.contains(number);
    }

    boolean isRecorded() {
        return recorded;
    }

    /** What the whole run did before. */
    RunScript whole() {
        return script;
    }

    /** What played this sub-agent before; empty if it had not begun. */
    Optional<String> playedBy() {
        return recorded ? script.playedBy(author) : Optional.empty();
    }

    /** What came of this sub-agent before; empty if it had not ended. */
    Optional<String> ended() {
        return recorded ? script.ended(author) : Optional.empty();
    }

    /** Whether the call has not yet come to where it was interrupted. */
    boolean isReplaying() {
        return !before.isEmpty() || hasUntakenText();
    }

    private boolean hasUntakenText() {
        return shown.stream().anyMatch(text -> !text.isTaken());
    }

    /**
     * What an operation gave before; empty if it is done for the first time.
     *
     * @throws RunStoppedException if another one was done at this place, which ends the run
     */
    Optional<String> replay(ScriptKind kind, String key) {
        done++;
        RunScript.Operation operation = before.peek();
        if (operation == null) {
            if (hasUntakenText()) {
                throw diverged("did not write what it had written before");
            }
            return Optional.empty();
        }
        if (operation.kind() != kind) {
            throw diverged("was " + operation.kind().word() + " and is now " + kind.word());
        }
        if (!operation.key().equals(key)) {
            throw diverged("is of the same kind, " + kind.word() + ", with other content");
        }
        before.remove();
        return Optional.of(operation.value());
    }

    /** What came of the operation before this one; empty if it was interrupted, or is done for the first time. */
    Optional<String> replayResult() {
        RunScript.Operation operation = before.peek();
        return operation == null || operation.kind() != ScriptKind.RESULT
                ? Optional.empty()
                : replay(ScriptKind.RESULT, "");
    }

    /** Passes over progress, of which it is left to chance what is shown. */
    void skipProgress(String key) {
        RunScript.Operation operation = before.peek();
        if (operation != null && operation.kind() == ScriptKind.PROGRESS && operation.key().equals(key)) {
            before.remove();
        }
    }

    /** The text of a message or thought that was begun before. */
    ShownText shown(String first) {
        ShownText text = script.shown(first);
        shown.add(text);
        return text;
    }

    /**
     * Makes sure that everything that was done before was done again.
     *
     * @throws RunStoppedException if it was not, which ends the run
     */
    void requireFinished() {
        if (!before.isEmpty()) {
            throw diverged("was " + before.getFirst().kind().word() + " and is now missing");
        }
        if (hasUntakenText()) {
            throw diverged("did not write what it had written before");
        }
    }

    /** Ends the run because the agent does not do the same again; what is returned is to be thrown. */
    RunStoppedException diverged(String how) {
        board.end(run, new Ending.Failed(
                ErrorCode.DIVERGED,
                "The agent did not do the same again when the run was resumed: what it did as number " + done + " "
                        + how + "."));
        return new RunStoppedException();
    }

    /** Records an operation or fact of this call in the append that makes it seen. */
    void record(JournalAppend append, ScriptKind kind, String key, String value) {
        if (!recorded) {
            return;
        }
        ScriptEntry entry = RunScript.entry(author, kind, key, value);
        run.recordedBytes += RunScript.size(entry);
        append.change(new RecordChange.Scripted(run.id, entry));
    }
}
