package io.insula.engine.user;

import io.insula.agent.AgentInput;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.agent.hosting.HostedAgent;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Takes in a user's inputs: checks first, and only then changes anything. */
final class Intake {
    private static final int MAX_TITLE = 80;
    private static final int MAX_ATTACHMENTS = 32;
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;
    private final RequestBook requests;
    /** The ordinal of the last run taken in; guarded by {@link #lock}. */
    private long lastOrdinal;

    Intake(UserId user, RoomLock lock, RoomParts parts, RunBoard board, RequestBook requests) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
        this.requests = requests;
        this.lastOrdinal = parts.journal().lastRunOrdinal(user);
    }

    /**
     * Takes an input in, or refuses it.
     *
     * @param again has the input come in once more, at the door
     */
    CompletionStage<Receipt> submit(RunRequest request, Supplier<CompletionStage<Receipt>> again) {
        return lock.call(() -> {
            try {
                Optional<CompletionStage<Receipt>> underWay = requests.findUnderWay(request.request(), request);
                return underWay.isPresent() ? underWay.get() : acceptOnce(request, again);
            } catch (RefusedException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        });
    }

    /**
     * Accepts a request, or gives the receipt that it got before. Only where something else would happen than that, the
     * journal is asked here whether it knows the request: it does not accept it twice.
     */
    private CompletionStage<Receipt> acceptOnce(RunRequest request, Supplier<CompletionStage<Receipt>> again)
            throws RefusedException {
        try {
            return accept(request, again);
        } catch (RefusedException refused) {
            // Whoever sends again what was accepted hears of that, whatever would be said to it now.
            Optional<CompletionStage<Receipt>> known = requests.find(request.request(), request);
            if (known.isPresent()) {
                return known.get();
            }
            return whenTold(inTheWay(refused.code(), request).orElseThrow(() -> refused), again);
        }
    }

    /** A run that may be all that is in the way, and of which nobody knows yet whether it is accepted. */
    private Optional<LiveRun> inTheWay(ErrorCode why, RunRequest request) {
        return switch (why) {
            case THREAD_BUSY -> request.thread()
                    .map(board::unfinishedIn)
                    .filter(runs -> runs.stream().noneMatch(run -> run.durable))
                    .flatMap(runs -> runs.stream().findFirst());
            case QUEUE_FULL -> board.coming();
            default -> Optional.empty();
        };
    }

    /** Has the input come in once more when it is known whether the run is accepted: it may never have been. */
    private CompletionStage<Receipt> whenTold(LiveRun coming, Supplier<CompletionStage<Receipt>> again) {
        return coming.accepted.thenComposeAsync(told -> again.get(), this::inThread);
    }

    private CompletionStage<Receipt> accept(RunRequest request, Supplier<CompletionStage<Receipt>> again)
            throws RefusedException {
        checkLength(request.input(), parts.limits().user().inputBytes());
        List<Attachment> attachments = attachments(parts.journal(), user, request.attachments());
        ThreadId thread = request.thread().orElseGet(() -> new ThreadId(parts.identity().next()));
        List<LiveRun> unfinished = board.unfinishedIn(thread);
        HostedAgent agent = agent(request, thread, unfinished);
        RunId id = freeRunId(request.run());
        boolean interrupts = interrupts(request.whenBusy(), unfinished);
        Optional<CompletionStage<Receipt>> known =
                interrupts ? requests.find(request.request(), request) : Optional.empty();
        if (known.isPresent()) {
            return known.get();
        }
        Optional<LiveRun> coming = unfinished.stream().filter(run -> !run.durable).findFirst();
        if (interrupts && coming.isPresent()) {
            // Whether there is anything to stop is known in a moment: the stop must stand before what comes after it.
            return whenTold(coming.get(), again);
        }
        checkUnfinished(interrupts ? unfinished.size() : 0);
        checkRoom(thread, isQueueSafe(interrupts, unfinished));
        if (!parts.platform().acceptRun()) {
            throw RefusedException.retryAfter(
                    ErrorCode.PLATFORM_BUSY, "The platform has too many runs. Try again in a moment.", BUSY_RETRY);
        }
        if (interrupts) {
            unfinished.reversed().forEach(run -> board.end(run, new Ending.Cancelled()));
        }
        AgentInput input = new AgentInput(WellFormed.text(request.input()), attachments);
        LiveRun run = newRun(new LiveRun.Origin(id, thread, ++lastOrdinal, agent.name(), input, parts.now()), agent);
        board.add(run);
        JournalAppend append = acceptance(run);
        int tellsOfIt = append.events().size();
        if (interrupts && request.whenBusy() == WhenBusy.ROLLBACK) {
            hide(run, unfinished, append);
        }
        RecordChange.RequestAccepted accepted = new RecordChange.RequestAccepted(
                request.request(), request, id, thread, append.events().size() - tellsOfIt);
        append.change(accepted);
        return requests.accept(accepted, board.appends().append(run, append), written -> {
            if (!written) {
                board.remove(run);
            } else if (!run.ended) {
                board.accepted(run);
            }
        });
    }

    private void inThread(Runnable work) {
        parts.environment().runThreads().newThread(work).start();
    }

    static void checkLength(String text, int maxBytes) throws RefusedException {
        // A character takes at least one byte: most texts need not be encoded to be counted.
        if (text.length() > maxBytes || text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new RefusedException(
                    ErrorCode.INPUT_TOO_LARGE,
                    "The text is larger than " + maxBytes + " bytes. Send it as an attachment.");
        }
    }

    /** The user's attachments of these ids. */
    static List<Attachment> attachments(EventJournal journal, UserId user, List<AttachmentId> ids)
            throws RefusedException {
        if (ids.size() > MAX_ATTACHMENTS) {
            throw new RefusedException(
                    ErrorCode.FIELD_INVALID, "An input or answer has at most " + MAX_ATTACHMENTS + " attachments.");
        }
        List<Attachment> found = new ArrayList<>();
        for (AttachmentId id : ids) {
            found.add(journal.attachment(user, id)
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.ATTACHMENT_UNKNOWN, "There is no such attachment. Upload the file first.")));
        }
        return found;
    }

    private HostedAgent agent(RunRequest request, ThreadId thread, List<LiveRun> unfinished) throws RefusedException {
        Optional<String> name = request.agent().or(() -> lastAgent(thread, unfinished));
        List<HostedAgent> loaded = parts.catalog().agents();
        if (name.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.AGENT_REQUIRED,
                    "Say which agent shall answer. Loaded: " + String.join(", ", names(loaded)) + ".");
        }
        HostedAgent agent = loaded.stream()
                .filter(candidate -> candidate.name().equals(name.get()))
                .findFirst()
                .orElseThrow(
                        () -> new RefusedException(ErrorCode.AGENT_UNKNOWN,
                                Refusals.unknownAgent(name.get(), names(loaded))));
        if (board.isUnhealthy(agent.plugin())) {
            throw RefusedException.retryAfter(
                    ErrorCode.PLUGIN_UNHEALTHY,
                    "Too many of your runs of this plugin do not end when stopped. Try again when one has.",
                    Duration.ofSeconds(30));
        }
        return agent;
    }

    private Optional<String> lastAgent(ThreadId thread, List<LiveRun> unfinished) {
        return unfinished.isEmpty()
                ? parts.journal().thread(user, thread).map(ThreadRecord::agent)
                : Optional.of(unfinished.getLast().agent);
    }

    private static List<String> names(List<HostedAgent> agents) {
        return agents.stream().map(HostedAgent::name).toList();
    }

    private RunId freeRunId(Optional<RunId> wanted) throws RefusedException {
        if (wanted.isEmpty()) {
            return new RunId(parts.identity().next());
        }
        RunId id = wanted.get();
        if (board.find(id).isPresent() || parts.journal().run(user, id).isPresent()) {
            throw new RefusedException(ErrorCode.RUN_EXISTS,
                    "The run id was used before. Leave it out, or use a new one.");
        }
        return id;
    }

    private static boolean interrupts(WhenBusy whenBusy, List<LiveRun> unfinished) throws RefusedException {
        if (unfinished.isEmpty()) {
            return false;
        }
        return switch (whenBusy) {
            case ENQUEUE -> false;
            case REJECT -> throw RefusedException.retryAfter(
                    ErrorCode.THREAD_BUSY, "The thread has a run that has not ended.", BUSY_RETRY);
            case INTERRUPT, ROLLBACK -> true;
        };
    }

    /** Whether the new run takes the place in the queue of one that it stops. */
    private static boolean isQueueSafe(boolean interrupts, List<LiveRun> unfinished) {
        return interrupts && unfinished.stream().anyMatch(run -> run.state == RunState.QUEUED);
    }

    /** Runs that wait for answers hold no place and no turn, and must not pile up for all that. */
    private void checkUnfinished(int stopped) throws RefusedException {
        int most = parts.limits().user().unfinishedRuns();
        if (board.unfinishedCount() - stopped >= most) {
            throw RefusedException.retryAfter(
                    ErrorCode.QUEUE_FULL,
                    "You have " + most + " runs that have not ended. Answer what they ask, or stop some.",
                    BUSY_RETRY);
        }
    }

    private void checkRoom(ThreadId thread, boolean queueSafe) throws RefusedException {
        if (!queueSafe && board.isQueueFullFor(thread)) {
            throw RefusedException.retryAfter(
                    ErrorCode.QUEUE_FULL,
                    "You have " + parts.limits().user().queuedRuns() + " runs waiting. Wait for one to begin.",
                    BUSY_RETRY);
        }
        if (!parts.journal().hasRoom()) {
            throw RefusedException.retryAfter(
                    isUnavailable() ? ErrorCode.JOURNAL_UNAVAILABLE : ErrorCode.PLATFORM_BUSY,
                    "The platform cannot take more in at the moment. Try again.",
                    BUSY_RETRY);
        }
    }

    private boolean isUnavailable() {
        return parts.journal().isFull() || parts.journal().health() instanceof JournalHealth.Down;
    }

    private LiveRun newRun(LiveRun.Origin origin, HostedAgent agent) {
        RunDeadline deadline = new RunDeadline(
                RunDeadline.of(parts.limits().run(), agent.deadline()),
                Duration.ZERO,
                parts.alarms(),
                parts.environment().nanoTime());
        return new LiveRun(
                origin,
                deadline,
                new JoinedDeltas(parts.limits().run().deltaCharacters()),
                new RunCarry(origin.input(), 1, Optional.empty(), Duration.ZERO));
    }

    private JournalAppend acceptance(LiveRun run) {
        Instant at = run.acceptedAt;
        String messageId = run.nextItem("m");
        return new JournalAppend()
                .event(
                        run.thread,
                        run.id,
                        parts.events().accepted(run.agent, run.input.text(), run.input.attachments(), messageId))
                .change(new RecordChange.ThreadUsed(run.thread, title(run.input.text()), run.agent, at))
                .change(new RecordChange.RunSaved(run.record()))
                .change(new RecordChange.RunCarried(run.id, run.carry))
                .change(new RecordChange.MessageSaved(new MessageRecord(
                        new MessageRecord.Key(run.ordinal, run.messages),
                        messageId,
                        run.thread,
                        run.id,
                        ConversationMessage.Role.USER,
                        run.agent,
                        run.input.text(),
                        run.input.attachments(),
                        at)));
    }

    private static String title(String input) {
        String line = input.strip().lines().findFirst().orElse("").strip();
        return line.isEmpty() ? "Untitled" : WellFormed.cut(line, MAX_TITLE);
    }

    private void hide(LiveRun run, List<LiveRun> stopped, JournalAppend append) {
        Set<RunId> ids = new LinkedHashSet<>();
        stopped.forEach(other -> ids.add(other.id));
        append.event(run.thread, run.id, parts.events().messagesHidden(ids));
        append.change(new RecordChange.MessagesHidden(run.thread, ids));
    }
}
