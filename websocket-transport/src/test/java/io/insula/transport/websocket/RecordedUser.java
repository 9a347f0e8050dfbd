package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Position;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.UserLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A user of whom the test writes the log and decides the answers, and who records what the transport asks for. */
final class RecordedUser implements UserExecutionEngine {
    static final int ATTACHMENT_BYTES = 1_000;
    static final String EPOCH = "epoch-1";

    final List<String> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger subscriptions = new AtomicInteger();
    final Map<String, Integer> polls = new ConcurrentHashMap<>();
    final List<byte[]> files = new CopyOnWriteArrayList<>();
    final RecordedUploads uploads = new RecordedUploads();
    volatile Function<RunRequest, CompletionStage<Receipt>> onSubmit =
            request -> CompletableFuture.completedFuture(receipt(request));
    volatile Optional<RefusedException> pollRefusal = Optional.empty();
    volatile Optional<RuntimeException> readFailure = Optional.empty();
    volatile Optional<CountDownLatch> readGate = Optional.empty();
    volatile int messageLength = 10;
    volatile List<OpenQuestion> questions = List.of();
    volatile Function<AnswerRequest, CompletionStage<Receipt>> onAnswer = request -> CompletableFuture.completedFuture(
            new Receipt(request.run(), new ThreadId("t1"), new Position(EPOCH, 2)));
    volatile Export onExport = target -> target.write("archive".getBytes(StandardCharsets.UTF_8));
    private final UserId user;
    private final Object lock = new Object();
    private final List<UserEvent> log = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    RecordedUser(UserId user) {
        this.user = user;
    }

    static Receipt receipt(RunRequest request) {
        return new Receipt(
                request.run().orElse(new RunId("r1")),
                request.thread().orElse(new ThreadId("t1")),
                new Position(EPOCH, 1));
    }

    /** Appends an event and tells the subscribers. */
    void emit(String json) {
        emit("r1", json);
    }

    void emit(String run, String json) {
        synchronized (lock) {
            log.add(new UserEvent(log.size() + 1, new ThreadId("t1"), new RunId(run), json));
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public UserId user() {
        return user;
    }

    @Override
    public List<AgentListing> agents() {
        return List.of(new AgentListing("hello", "Says hello."));
    }

    @Override
    public UserLimits limits() {
        return new UserLimits(3, 32, 65_536, ATTACHMENT_BYTES, 4L * ATTACHMENT_BYTES);
    }

    @Override
    public CompletionStage<Receipt> submit(RunRequest request) {
        calls.add("submit " + request.input());
        return onSubmit.apply(request);
    }

    @Override
    public CompletionStage<RunView> cancel(RunId run) {
        calls.add("cancel " + run);
        return CompletableFuture.completedFuture(view(run));
    }

    @Override
    public CompletionStage<Receipt> answer(AnswerRequest request) {
        calls.add("answer " + request.content());
        return onAnswer.apply(request);
    }

    @Override
    public EventSubscription subscribe(SubscribeFrom from, Runnable available) throws RefusedException {
        Position begin;
        synchronized (lock) {
            begin = switch (from) {
                case SubscribeFrom.Start start -> new Position(EPOCH, 0);
                case SubscribeFrom.Now now -> new Position(EPOCH, log.size());
                case SubscribeFrom.After after -> after.position();
            };
            if (!begin.epoch().equals(EPOCH)) {
                throw RefusedException.resumeFrom(
                        ErrorCode.EPOCH_UNKNOWN, "There is no such log.", new Position(EPOCH, log.size()));
            }
            if (begin.sequence() > log.size()) {
                throw new RefusedException(ErrorCode.POSITION_FUTURE, "The log is not that long.");
            }
        }
        subscriptions.incrementAndGet();
        listeners.add(available);
        available.run();
        return new Reading(begin, available);
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(new Position(EPOCH, 0), List.of(), List.of(view(new RunId("r1"))));
    }

    @Override
    public Page<ThreadSummary> threads(PageRequest page) {
        calls.add("threads " + page.size());
        return new Page<>(List.of(), Optional.of("next-page"));
    }

    @Override
    public Page<ThreadMessage> messages(ThreadId thread, PageRequest page) throws RefusedException {
        calls.add("messages " + page.size());
        if (!thread.value().equals("t1")) {
            throw new RefusedException(ErrorCode.THREAD_UNKNOWN, "You have no such thread.");
        }
        List<ThreadMessage> messages = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            messages.add(new ThreadMessage(
                    "m" + i,
                    new RunId("r1"),
                    io.insula.agent.ConversationMessage.Role.USER,
                    "hello",
                    "x".repeat(messageLength),
                    List.of(),
                    Instant.EPOCH));
        }
        return new Page<>(messages, Optional.empty());
    }

    @Override
    public CompletionStage<ThreadSummary> rename(ThreadId thread, String title) {
        return CompletableFuture.completedFuture(
                new ThreadSummary(thread, title, "hello", Instant.EPOCH, Instant.EPOCH, false));
    }

    @Override
    public CompletionStage<ThreadId> delete(ThreadId thread) {
        return CompletableFuture.completedFuture(thread);
    }

    @Override
    public CompletionStage<ThreadSummary> fork(ThreadId thread, String message, Optional<ThreadId> fork) {
        calls.add("fork " + thread + " " + message);
        if (!thread.value().equals("t1")) {
            return CompletableFuture.failedFuture(
                    new RefusedException(ErrorCode.THREAD_UNKNOWN, "There is no such thread."));
        }
        return CompletableFuture.completedFuture(new ThreadSummary(
                fork.orElse(new ThreadId("made")), "title", "hello", Instant.EPOCH, Instant.EPOCH, false));
    }

    @Override
    public RunView run(RunId run) throws RefusedException {
        if (readFailure.isPresent()) {
            throw readFailure.get();
        }
        if (readGate.isPresent()) {
            calls.add("waiting");
            try {
                readGate.get().await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (!run.value().equals("r1")) {
            throw new RefusedException(ErrorCode.RUN_UNKNOWN, "You have no such run.");
        }
        return view(run);
    }

    @Override
    public Page<RunView> runs(PageRequest page) {
        return new Page<>(List.of(view(new RunId("r1"))), Optional.empty());
    }

    @Override
    public Attachment attach(String name, String mediaType, InputStream content)
            throws RefusedException, IOException {
        byte[] bytes = content.readNBytes(ATTACHMENT_BYTES + 1);
        if (bytes.length > ATTACHMENT_BYTES) {
            throw new RefusedException(ErrorCode.ATTACHMENT_TOO_LARGE, "The file is too large.");
        }
        files.add(bytes);
        return new Attachment(new AttachmentId("a" + files.size()), name, mediaType, bytes.length);
    }

    @Override
    public Upload beginUpload(String name, String mediaType, long bytes) throws RefusedException {
        return uploads.begin(name, mediaType, bytes);
    }

    @Override
    public Upload upload(AttachmentId id) throws RefusedException {
        return uploads.read(id);
    }

    @Override
    public Upload continueUpload(AttachmentId id, long offset, InputStream content)
            throws RefusedException, IOException {
        return uploads.append(id, offset, content);
    }

    @Override
    public void cancelUpload(AttachmentId id) throws RefusedException {
        uploads.cancel(id);
    }

    @Override
    public void export(OutputStream target) throws RefusedException, IOException {
        calls.add("export");
        onExport.write(target);
    }

    /** What an export writes. */
    interface Export {
        void write(OutputStream target) throws RefusedException, IOException;
    }

    @Override
    public CompletionStage<Void> erase() {
        calls.add("erase");
        return CompletableFuture.completedFuture(null);
    }

    private RunView view(RunId run) {
        return new RunView(
                run,
                new ThreadId("t1"),
                "hello",
                RunState.WAITING_FOR_ANSWER,
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                questions);
    }

    private final class Reading implements EventSubscription {
        private final Position from;
        private final Runnable available;
        private volatile boolean open = true;
        private int next;

        Reading(Position from, Runnable available) {
            this.from = from;
            this.available = available;
            this.next = (int) from.sequence();
        }

        @Override
        public Position from() {
            return from;
        }

        @Override
        public EventBatch poll(int maxEvents, int maxBytes) throws RefusedException {
            polls.merge("poll", 1, Integer::sum);
            List<UserEvent> batch = new ArrayList<>();
            synchronized (lock) {
                // Under the lock: an event that is emitted after the refusal was set must not be given out.
                if (pollRefusal.isPresent()) {
                    throw pollRefusal.get();
                }
                int bytes = 0;
                while (open && next < log.size() && batch.size() < maxEvents && bytes < maxBytes) {
                    UserEvent event = log.get(next);
                    bytes += event.json().length();
                    batch.add(event);
                    next++;
                }
            }
            return new EventBatch(EPOCH, batch);
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                listeners.remove(available);
                subscriptions.decrementAndGet();
            }
        }
    }
}
