package io.insula.engine.user;

import io.insula.agent.ConversationMessage;
import io.insula.agent.RunStoppedException;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import io.insula.engine.user.AgUiEvents.Author;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Writes how a run, and what it has open, begins and ends. Called under the room's lock. */
final class RunEndings {
    private static final Faults.Fault STOPPED = new Faults.Fault(ErrorCode.STOPPED, "The run ended before this did.");
    private static final Faults.Fault INTERRUPTED =
            new Faults.Fault(ErrorCode.INTERRUPTED, "The platform was stopped before this ended.");

    private final RoomParts parts;
    private final AgUiEvents events;

    RunEndings(RoomParts parts) {
        this.parts = parts;
        this.events = parts.events();
    }

    void start(LiveRun run, JournalAppend append) {
        append.event(run.thread, run.id, events.runStarted(run.thread, run.id));
    }

    /** Brings the run to its end: afterwards nothing is open and nothing follows. */
    void end(LiveRun run, Ending ending, JournalAppend append) {
        // What could fail comes first: a run must not be half ended.
        RunState endState = RunTransitions.check(run.state, ending.state());
        Optional<String> code = ending.code();
        String terminal = terminal(run, ending);
        if (run.state == RunState.QUEUED) {
            start(run, append);
        }
        run.state = endState;
        run.ended = true;
        run.endedAt = Optional.of(parts.now());
        run.code = code;
        run.deadline.stop();
        withdraw(run, run.asked.values(), append);
        run.asked.clear();
        run.questions.clear();
        close(run, run.items.takeAll(), append);
        append.event(run.thread, run.id, terminal);
        append.change(new RecordChange.RunSaved(run.record()));
    }

    private String terminal(LiveRun run, Ending ending) {
        return switch (ending) {
            case Ending.Returned(String result) -> events.runFinished(run.thread, run.id, result);
            case Ending.Cancelled() -> events.runCancelled(run.thread, run.id);
            case Ending.Failed(String code, String message) -> events.runError(code, message);
            case Ending.TimedOut(String message) -> events.runError(ErrorCode.DEADLINE_EXCEEDED.word(), message);
        };
    }

    /** Tells of each of these questions that nobody waits for its answer any more, if it was still open. */
    private void withdraw(LiveRun run, Collection<LiveRun.PendingQuestion> asked, JournalAppend append) {
        for (LiveRun.PendingQuestion pending : asked) {
            pending.expiry().cancel();
            if (run.questions.containsKey(pending.question().id())) {
                append.event(
                        run.thread,
                        run.id,
                        events.questionClosed(pending.author(), pending.question().id(), "withdrawn"));
            }
            // Nobody waits behind this future but a thread of the run, which looks whether the run has ended.
            pending.reply().completeExceptionally(new RunStoppedException());
        }
    }

    /**
     * Closes what an interrupted run has open, so that its agent can be called again. What the run itself asks stays
     * open; what its sub-agents ask is withdrawn, since they are closed.
     */
    void interrupt(LiveRun run, JournalAppend append) {
        // One that was answered just now is not open any more: its answer waits for whoever asks again.
        List<LiveRun.PendingQuestion> below = run.questions.values().stream()
                .filter(pending -> pending.author().subAgentRun().isPresent())
                .toList();
        withdraw(run, below, append);
        for (LiveRun.PendingQuestion pending : below) {
            run.asked.remove(pending.question().id());
            run.questions.remove(pending.question().id());
        }
        for (OpenItems.Item item : run.items.takeAll()) {
            close(run, item, INTERRUPTED, append);
            if (item instanceof OpenItems.Writing writing) {
                ScriptEntry cut = RunScript.entry(
                        "", ScriptKind.CUT, writing.id(), ShownText.Piece.of(writing.text()).written());
                append.change(new RecordChange.Scripted(run.id, cut));
            }
        }
    }

    /** Shows that a message or thought begins. */
    void open(LiveRun run, OpenItems.Writing item, JournalAppend append) {
        switch (item) {
            case OpenItems.Message message -> append.event(run.thread, run.id,
                    events.messageStart(message.author(), message.id()));
            case OpenItems.Thought thought -> events.thoughtStart(thought.author(), thought.id())
                    .forEach(event -> append.event(run.thread, run.id, event));
        }
    }

    /** Ends what is open, in the order given. */
    void close(LiveRun run, List<OpenItems.Item> items, JournalAppend append) {
        for (OpenItems.Item item : items) {
            close(run, item, STOPPED, append);
        }
    }

    private void close(LiveRun run, OpenItems.Item item, Faults.Fault why, JournalAppend append) {
        switch (item) {
            case OpenItems.Message message -> endMessage(run, message, append);
            case OpenItems.Thought thought -> events.thoughtEnd(thought.author(), thought.id())
                    .forEach(end -> append.event(run.thread, run.id, end));
            case OpenItems.Step(Author author, String name) -> append.event(run.thread, run.id,
                    events.stepFinished(author, name));
            case OpenItems.ToolCall(Author author, String id) -> append.event(
                    run.thread,
                    run.id,
                    events.toolCallResult(
                            author,
                            run.nextItem("m"),
                            id,
                            events.toolError(why.code(), why.message())));
            case OpenItems.SubAgent(Author author, String subRun, String name) -> append.event(run.thread, run.id,
                    events.subAgentError(subRun, why.code(), why.message()));
        }
    }

    /** Ends a message, which becomes part of the conversation. */
    private void endMessage(LiveRun run, OpenItems.Message message, JournalAppend append) {
        append.event(run.thread, run.id, events.messageEnd(message.author(), message.id()));
        append.change(new RecordChange.MessageSaved(new MessageRecord(
                new MessageRecord.Key(run.ordinal, ++run.messages),
                message.id(),
                run.thread,
                run.id,
                ConversationMessage.Role.ASSISTANT,
                message.agent,
                message.text().toString(),
                List.of(),
                parts.now())));
    }
}
