package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.AgUiEvents.Author;
import io.insula.engine.user.EventJournal.Appended;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the agents of one user's runs have to say, on its way into the journal. Nothing of a run that has ended gets
 * through: it is counted and dropped.
 *
 * <p>Every method may wait while the user's share of the journal is full, and throws {@link RunStoppedException} if the
 * run has ended.
 */
final class RunOutput {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;
    private final RunEndings endings;
    private final AgUiEvents events;

    RunOutput(UserId user, RoomLock lock, RoomParts parts, RunBoard board) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
        this.endings = board.endings();
        this.events = parts.events();
    }

    /**
     * Appends what {@code write} fills in under the room's lock.
     *
     * @return completes when it is durable
     */
    CompletionStage<Appended> publish(LiveRun run, Consumer<JournalAppend> write) {
        awaitRoom(run);
        Optional<CompletionStage<Appended>> appended = lock.call(() -> append(run, write));
        return appended.orElseThrow(RunStoppedException::new);
    }

    private Optional<CompletionStage<Appended>> append(LiveRun run, Consumer<JournalAppend> write) {
        if (!mayWrite(run)) {
            return Optional.empty();
        }
        JournalAppend append = new JournalAppend();
        write.accept(append);
        run.events += append.events().size();
        return Optional.of(board.appends().append(run, append));
    }

    /** Whether the run may add to what it has written; if it has written too much, it ends here. */
    private boolean mayWrite(LiveRun run) {
        if (run.ended) {
            run.lateOutputs++;
            return false;
        }
        if (run.events >= parts.limits().run().events()) {
            board.end(run, tooLarge("events", parts.limits().run().events()));
            return false;
        }
        // What an unfinished run has written is never trimmed: without this one run could fill everybody's journal.
        if (run.eventBytes >= parts.limits().user().eventBytesKept()) {
            board.end(run, tooLarge("bytes of events", parts.limits().user().eventBytesKept()));
            return false;
        }
        if (run.recordedBytes >= parts.limits().run().recordedBytes()) {
            board.end(run, tooLarge("recorded bytes", parts.limits().run().recordedBytes()));
            return false;
        }
        if (parts.journal().isFull()) {
            board.end(run, new Ending.Failed(ErrorCode.JOURNAL_UNAVAILABLE, "The journal is full."));
            return false;
        }
        return true;
    }

    /**
     * Waits until what was published is durable.
     *
     * @throws RunStoppedException if it will not be
     */
    static void awaitWritten(LiveRun run, CompletionStage<Appended> published) {
        boolean written = Waiting.forAnswer(
                run, published.handle((place, failure) -> failure == null).toCompletableFuture());
        if (!written) {
            throw new RunStoppedException();
        }
    }

    private void awaitRoom(LiveRun run) {
        boolean interrupted = false;
        try {
            while (!run.ended) {
                try {
                    parts.journal().awaitRoom(user);
                    return;
                } catch (InterruptedException e) {
                    // The agent's own interrupt does not free it from waiting for its share.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Ending tooLarge(String what, long limit) {
        return new Ending.Failed(ErrorCode.RUN_TOO_LARGE, "The run has more than " + limit + " " + what + ".");
    }

    /** Counts a step, tool call or sub-agent, and ends the run if there are too many. */
    private void countStep(LiveRun run) {
        boolean fits = lock.call(() -> {
            if (run.steps >= parts.limits().run().steps()) {
                board.end(run, tooLarge("steps", parts.limits().run().steps()));
                return false;
            }
            run.steps++;
            return true;
        });
        if (!fits) {
            throw new RunStoppedException();
        }
    }

    /**
     * Begins a message or thought.
     *
     * @param record records it, by its id, in the append that shows it
     */
    OpenItems.Writing open(AgentCalls.Call call, CallWriter.Type type, BiConsumer<JournalAppend, String> record) {
        LiveRun run = call.run();
        OpenItems.Writing item = lock.call(() -> switch (type) {
            case MESSAGE -> new OpenItems.Message(call.author(), call.agent(), run.nextItem("m"));
            case THOUGHT -> new OpenItems.Thought(call.author(), run.nextItem("r"));
        });
        publish(run, append -> {
            run.items.open(item);
            endings.open(run, item, append);
            record.accept(append, item.id());
        });
        return item;
    }

    /** Adds to a message or thought. The event may come a moment later, joined with what was written meanwhile. */
    void write(LiveRun run, OpenItems.Writing item, String text) {
        for (String piece : WellFormed.pieces(text, parts.limits().run().deltaCharacters())) {
            awaitRoom(run);
            boolean written = lock.call(() -> add(run, item, piece));
            if (!written) {
                throw new RunStoppedException();
            }
        }
    }

    private boolean add(LiveRun run, OpenItems.Writing item, String piece) {
        if (!mayWrite(run)) {
            return false;
        }
        int most = parts.limits().run().messageCharacters();
        if (item.text().length() + piece.length() > most) {
            board.end(run, tooLarge("characters in a message", most));
            return false;
        }
        run.events++;
        item.text().append(piece);
        board.appends().write(run, item, piece);
        return true;
    }

    /** Ends a message or thought, if it is open, and records that its agent did so. */
    void close(LiveRun run, Optional<OpenItems.Writing> item, Consumer<JournalAppend> record) {
        publish(run, append -> {
            if (item.isPresent() && run.items.close(item.get())) {
                endings.close(run, List.of(item.get()), append);
            }
            record.accept(append);
        });
    }

    /** Records something that is not shown. */
    CompletionStage<Appended> record(AgentCalls.Call call, ScriptKind kind, String key, String value) {
        return publish(call.run(), append -> call.script().record(append, kind, key, value));
    }

    /**
     * Shows that a step begins.
     *
     * @param record records it, unless it was begun before the run was interrupted
     */
    OpenItems.Step openStep(AgentCalls.Call call, String name, Consumer<JournalAppend> record) {
        LiveRun run = call.run();
        countStep(run);
        // An author is one thread: nobody takes the name between here and the publishing.
        OpenItems.Step step =
                lock.call(() -> new OpenItems.Step(call.author(), run.items.freeStepName(call.author(), name)));
        publish(run, append -> {
            run.items.open(step);
            append.event(run.thread, run.id, events.stepStarted(step.author(), step.name()));
            record.accept(append);
        });
        return step;
    }

    void closeStep(LiveRun run, OpenItems.Step step, Consumer<JournalAppend> record) {
        publish(run, append -> {
            if (run.items.close(step)) {
                append.event(run.thread, run.id, events.stepFinished(step.author(), step.name()));
            }
            record.accept(append);
        });
    }

    /** A tool call that is shown; {@code written} completes when that is durable. */
    record ShownCall(OpenItems.ToolCall item, CompletionStage<Appended> written) {}

    ShownCall openToolCall(AgentCalls.Call call, String tool, String arguments, Consumer<JournalAppend> record) {
        LiveRun run = call.run();
        countStep(run);
        OpenItems.ToolCall item = lock.call(() -> new OpenItems.ToolCall(call.author(), run.nextItem("t")));
        CompletionStage<Appended> written = publish(run, append -> {
            run.items.open(item);
            append.event(run.thread, run.id, events.toolCallStart(item.author(), item.id(), tool));
            for (String piece : WellFormed.pieces(arguments, parts.limits().run().deltaCharacters())) {
                append.event(run.thread, run.id, events.toolCallArgs(item.author(), item.id(), piece));
            }
            append.event(run.thread, run.id, events.toolCallEnd(item.author(), item.id()));
            record.accept(append);
        });
        return new ShownCall(item, written);
    }

    /**
     * Ends a tool call.
     *
     * @param content the JSON of the result, or of the error
     */
    void end(LiveRun run, OpenItems.ToolCall call, String content, Consumer<JournalAppend> record) {
        publish(run, append -> {
            if (run.items.close(call)) {
                append.event(run.thread, run.id,
                        events.toolCallResult(call.author(), run.nextItem("m"), call.id(), content));
            }
            record.accept(append);
        });
    }

    OpenItems.SubAgent openSubAgent(AgentCalls.Call call, String name, Consumer<JournalAppend> record) {
        LiveRun run = call.run();
        Author parent = call.author();
        countStep(run);
        OpenItems.SubAgent subAgent = lock.call(() -> new OpenItems.SubAgent(parent, run.nextItem("a"), name));
        publish(run, append -> {
            run.items.open(subAgent);
            append.event(run.thread, run.id, events.subAgentStarted(subAgent.run(), name, parent));
            record.accept(append);
        });
        return subAgent;
    }

    /** Ends a sub-agent, after whatever it left open. */
    void end(LiveRun run, OpenItems.SubAgent subAgent, String event, Consumer<JournalAppend> record) {
        publish(run, append -> {
            // A step that threw, a writer that nobody closed.
            endings.close(run, run.items.takeOf(OpenItems.authorOf(subAgent.run())), append);
            if (run.items.close(subAgent)) {
                append.event(run.thread, run.id, event);
            }
            record.accept(append);
        });
    }

    void progress(AgentCalls.Call call, String what, long done, long total, Consumer<JournalAppend> record) {
        LiveRun run = call.run();
        publish(run, append -> {
            append.event(run.thread, run.id, events.progress(call.author(), what, done, total));
            record.accept(append);
        });
    }
}
