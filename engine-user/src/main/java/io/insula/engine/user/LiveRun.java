package io.insula.engine.user;

import io.insula.agent.AgentInput;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A run that has not ended, or whose threads have not. Everything that changes is guarded by the lock of the user's
 * room; {@link #ended} may be read without it.
 */
final class LiveRun {
    private final Origin origin;
    final RunId id;
    final ThreadId thread;
    final long ordinal;
    final String agent;
    final AgentInput input;
    final Instant acceptedAt;
    final RunDeadline deadline;

    /** Completes when the terminal event is durable. */
    final CompletableFuture<RunView> terminated = new CompletableFuture<>();

    /** Completes when it is known whether its acceptance is durable, or nobody here will know. */
    final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

    /** Completes when its beginning is durable, and so everything that was written before it. */
    final CompletableFuture<Boolean> begun = new CompletableFuture<>();

    final OpenItems items;
    final JoinedDeltas deltas;
    /** What the journal is given of it. */
    final AppendChain chain = new AppendChain();
    /** Questions that can be answered. */
    final Map<String, PendingQuestion> questions = new LinkedHashMap<>();
    /** Questions whose answer nobody has taken yet. */
    final Map<String, PendingQuestion> asked = new LinkedHashMap<>();
    /** The threads at work for this run, each with the plugin whose code it is in. */
    final Map<Thread, String> threads = new LinkedHashMap<>();

    volatile boolean ended;
    /** Whether the journal lost something of it: it must write nothing more. */
    boolean torn;
    /** Whether the journal lost something of it before it was brought back to be ended. */
    boolean lostAgain;
    /** How it ends as soon as its acceptance is durable, if it was stopped before. */
    Optional<Ending> endsWhenAccepted = Optional.empty();
    RunState state = RunState.QUEUED;
    Optional<String> code = Optional.empty();
    Optional<Instant> startedAt = Optional.empty();
    Optional<Instant> endedAt = Optional.empty();
    /** Whether the acceptance is durable: before that it must not begin. */
    boolean durable;
    /** Whether it takes one of the user's places. */
    boolean holdsPlace;
    /** The plugin that a thread of it was in when it was waited for no longer, if it came to that. */
    Optional<String> abandonedIn = Optional.empty();
    /** Set when the run has ended, until its last thread is gone. */
    Alarms.Alarm grace = () -> {};
    /** Threads at work that wait neither for an answer nor for a sub-agent. */
    int busyThreads;
    /** Completes when a run that had given up its place has one again. */
    CompletableFuture<Boolean> placeAgain = CompletableFuture.completedFuture(true);

    /** Appends of it that are not durable yet. */
    int appendsUnderWay;
    /** What it needs to go on in another process. */
    RunCarry carry;
    /** Whether its agent was called before, and why it is to be called again. */
    Revival revival = Revival.NONE;
    /** Whether it waits for an answer without a thread. */
    boolean parked;
    /** Rings when it has waited so long that it is to give up its thread. */
    Alarms.Alarm suspension = () -> {};
    /** Characters of its script so far. */
    long recordedBytes;

    int events;
    /** Characters of JSON in its events so far. */
    long eventBytes;
    int steps;
    int messages;
    long lateOutputs;
    private long lastItem;

    /** Why an agent is called that was called before. */
    enum Revival {
        /** It was not. */
        NONE,
        /** What it waited for has come. */
        ANSWERED,
        /** It was interrupted at work. */
        INTERRUPTED
    }

    /** A question, and where its answer goes. */
    record PendingQuestion(
            OpenQuestion question,
            AgUiEvents.Author author,
            CompletableFuture<QuestionDesk.Reply> reply,
            Alarms.Alarm expiry) {}

    /** What a run is from the beginning. */
    record Origin(RunId id, ThreadId thread, long ordinal, String agent, AgentInput input, Instant acceptedAt) {}

    LiveRun(Origin origin, RunDeadline deadline, JoinedDeltas deltas, RunCarry carry) {
        this(origin, deadline, deltas, carry, new OpenItems());
    }

    /** One that was at work before and has left this open. */
    LiveRun(Origin origin, RunDeadline deadline, JoinedDeltas deltas, RunCarry carry, OpenItems items) {
        this.origin = origin;
        this.id = origin.id();
        this.thread = origin.thread();
        this.ordinal = origin.ordinal();
        this.agent = origin.agent();
        this.input = origin.input();
        this.acceptedAt = origin.acceptedAt();
        this.deadline = deadline;
        this.deltas = deltas;
        this.carry = carry;
        this.items = items;
    }

    /** Whether its agent can be called again and be given back what it did. */
    boolean isResumable() {
        return carry.plugin().isPresent();
    }

    /** The same run without threads, waiting for an answer; this one is not to be used any more. */
    LiveRun suspended() {
        LiveRun next = new LiveRun(origin, deadline, deltas, carry, items);
        next.durable = true;
        next.parked = true;
        next.revival = Revival.ANSWERED;
        next.state = state;
        next.startedAt = startedAt;
        next.questions.putAll(questions);
        next.asked.putAll(asked);
        next.recordedBytes = recordedBytes;
        next.events = events;
        next.eventBytes = eventBytes;
        next.steps = steps;
        next.messages = messages;
        next.lastItem = lastItem;
        return next;
    }

    /** What stands for the run from when the journal lost something of it until its end is written. */
    LiveRun lost() {
        LiveRun next = new LiveRun(origin, deadline, deltas, carry);
        next.durable = true;
        next.torn = true;
        next.lostAgain = lostAgain;
        next.state = state;
        next.startedAt = startedAt;
        return next;
    }

    /** Tells whoever waits for something of it that nothing will come of it here. Called without any lock. */
    void giveUp(RefusedException why) {
        accepted.complete(false);
        terminated.completeExceptionally(why);
    }

    /** Goes on counting items behind this one. */
    void countItemsFrom(long last) {
        lastItem = last;
    }

    /** An id for something in this run, unique within the user because the run's is. */
    String nextItem(String kind) {
        return id.value() + "." + kind + ++lastItem;
    }

    RunRecord record() {
        List<OpenQuestion> open =
                questions.values().stream().map(PendingQuestion::question).toList();
        return new RunRecord(id, thread, ordinal, agent, state, code, acceptedAt, startedAt, endedAt, open);
    }
}
