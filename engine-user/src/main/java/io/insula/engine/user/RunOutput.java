package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.AgUiEvents.Author;
import io.insula.engine.user.EventJournal.Appended;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
        this.endings = new RunEndings(parts);
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
        CompletionStage<Appended> written = board.appends().append(run, append);
        return Optional.of(written.whenComplete((place, failure) -> {
            if (failure != null) {
                board.end(run, RunAppends.unwritable());
            }
        }));
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
        if (parts.journal().isFull()) {
            board.end(run, new Ending.Failed(ErrorCode.JOURNAL_UNAVAILABLE, "The journal is full."));
            return false;
        }
        return true;
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

    OpenItems.Message openMessage(LiveRun run, Author author, String agent) {
        OpenItems.Message message = lock.call(() -> new OpenItems.Message(author, agent, run.nextItem("m")));
        publish(run, append -> {
            run.items.open(message);
            append.event(run.thread, run.id, events.messageStart(author, message.id()));
        });
        return message;
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

    void end(LiveRun run, OpenItems.Message message) {
        publish(run, append -> {
            if (run.items.close(message)) {
                endings.endMessage(run, message, append);
            }
        });
    }

    OpenItems.Thought openThought(LiveRun run, Author author) {
        OpenItems.Thought thought = lock.call(() -> new OpenItems.Thought(author, run.nextItem("r")));
        publish(run, append -> {
            run.items.open(thought);
            events.thoughtStart(author, thought.id()).forEach(event -> append.event(run.thread, run.id, event));
        });
        return thought;
    }

    OpenItems.Step openStep(LiveRun run, Author author, String name) {
        countStep(run);
        // An author is one thread: nobody takes the name between here and the publishing.
        OpenItems.Step step = lock.call(() -> new OpenItems.Step(author, run.items.freeStepName(author, name)));
        publish(run, append -> {
            run.items.open(step);
            append.event(run.thread, run.id, events.stepStarted(author, step.name()));
        });
        return step;
    }

    OpenItems.ToolCall openToolCall(LiveRun run, Author author, String tool, String arguments) {
        countStep(run);
        OpenItems.ToolCall call = lock.call(() -> new OpenItems.ToolCall(author, run.nextItem("t")));
        publish(run, append -> {
            run.items.open(call);
            append.event(run.thread, run.id, events.toolCallStart(author, call.id(), tool));
            for (String piece : WellFormed.pieces(arguments, parts.limits().run().deltaCharacters())) {
                append.event(run.thread, run.id, events.toolCallArgs(author, call.id(), piece));
            }
            append.event(run.thread, run.id, events.toolCallEnd(author, call.id()));
        });
        return call;
    }

    /**
     * Ends a tool call.
     *
     * @param content the JSON of the result, or of the error
     */
    void end(LiveRun run, OpenItems.ToolCall call, String content) {
        publish(run, append -> {
            if (run.items.close(call)) {
                append.event(run.thread, run.id,
                        events.toolCallResult(call.author(), run.nextItem("m"), call.id(), content));
            }
        });
    }

    OpenItems.SubAgent openSubAgent(LiveRun run, Author parent, String name) {
        countStep(run);
        OpenItems.SubAgent subAgent = lock.call(() -> new OpenItems.SubAgent(parent, run.nextItem("a"), name));
        publish(run, append -> {
            run.items.open(subAgent);
            append.event(run.thread, run.id, events.subAgentStarted(subAgent.run(), name, parent));
        });
        return subAgent;
    }

    /** Ends a sub-agent, after whatever it left open. */
    void end(LiveRun run, OpenItems.SubAgent subAgent, String event) {
        publish(run, append -> {
            closeAllOf(run, OpenItems.authorOf(subAgent.run()), append);
            if (run.items.close(subAgent)) {
                append.event(run.thread, run.id, event);
            }
        });
    }

    /** Ends what the author left open: a step that threw, a writer that nobody closed. */
    private void closeAllOf(LiveRun run, Author author, JournalAppend append) {
        endings.close(run, run.items.takeOf(author), append);
    }

    void closeStep(LiveRun run, OpenItems.Step step) {
        publish(run, append -> {
            if (run.items.close(step)) {
                append.event(run.thread, run.id, events.stepFinished(step.author(), step.name()));
            }
        });
    }

    void closeThought(LiveRun run, OpenItems.Thought thought) {
        publish(run, append -> {
            if (run.items.close(thought)) {
                events.thoughtEnd(thought.author(), thought.id())
                        .forEach(event -> append.event(run.thread, run.id, event));
            }
        });
    }

    void progress(LiveRun run, Author author, String what, long done, long total) {
        publish(run, append -> append.event(run.thread, run.id, events.progress(author, what, done, total)));
    }
}
