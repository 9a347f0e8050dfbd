package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.AttachmentId;
import io.insula.agent.Question;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads use one user, some of them erase it: nothing of an old life is ever seen in a new one. */
final class EraseRaceTest {
    private static final int SEEDS = 12;
    private static final int ACTORS = 6;
    private static final int ACTS = 60;
    private static final Duration IDLE = Duration.ofMillis(1);
    private static final UserId USER = Premises.id("ada");
    private static final Set<ErrorCode> EXPECTED = Set.of(
            ErrorCode.ERASED, ErrorCode.ENGINE_CLOSED, ErrorCode.THREAD_BUSY, ErrorCode.QUEUE_FULL,
            ErrorCode.THREAD_UNKNOWN, ErrorCode.MESSAGE_UNKNOWN, ErrorCode.RUN_UNKNOWN, ErrorCode.QUESTION_UNKNOWN,
            ErrorCode.PLUGIN_UNHEALTHY, ErrorCode.UPLOAD_UNKNOWN, ErrorCode.UPLOADS_FULL);

    @RegisterExtension
    final Premises premises = new Premises(OneLimit.ofUser("idleEviction", IDLE));

    /** Every marker that was accepted, with the epoch of its receipt. */
    private final Map<String, String> epochs = new ConcurrentHashMap<>();
    /** Epochs that were erased, known to be so. */
    private final Set<String> erased = ConcurrentHashMap.newKeySet();

    private final AtomicInteger markers = new AtomicInteger();
    private final AtomicInteger erasures = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    static List<Long> seeds() {
        return new Random().longs(SEEDS).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingOfAnErasedLifeIsSeenInTheNext(long seed) throws Exception {
        premises.catalog.add("says", context -> {
            context.store().put(context.input().text(), context.input().text());
            context.say("said " + context.input().text());
            return AgentResult.done();
        }).add("asks", context -> {
            context.say("said " + context.input().text());
            context.ask(new Question.Approval("?"));
            context.say("after " + context.input().text());
            return AgentResult.done();
        });
        List<Thread> actors = new ArrayList<>();
        for (int i = 0; i < ACTORS; i++) {
            Random random = new Random(seed + i);
            actors.add(Thread.ofPlatform().start(() -> act(random)));
        }
        Await.until("all have acted", () -> actors.stream().noneMatch(Thread::isAlive));

        assertEquals(List.of(), List.copyOf(failures), "seed " + seed);
        assertTrue(erasures.get() > 0, "nobody was erased with seed " + seed);
        checkLastLife();
        try (UserExecutionEngine.Lease lease = premises.directory.open(USER)) {
            lease.engine().erase().toCompletableFuture().join();
        }
        assertEquals(List.of(), premises.files());
        assertEquals(List.of(), premises.log(USER));
        assertEquals(0, premises.directory.liveRooms());
    }

    private void act(Random random) {
        try {
            for (int i = 0; i < ACTS; i++) {
                try (UserExecutionEngine.Lease lease = premises.directory.open(USER)) {
                    act(random, lease.engine());
                } catch (RefusedException refused) {
                    expect(refused);
                } catch (CompletionException failure) {
                    if (!(failure.getCause() instanceof RefusedException refused)) {
                        throw failure;
                    }
                    expect(refused);
                }
            }
        } catch (Throwable failure) {
            failures.add(failure);
        }
    }

    private static void expect(RefusedException refused) {
        if (!EXPECTED.contains(refused.code())) {
            throw new AssertionError("refused without a reason: " + refused.code(), refused);
        }
    }

    private void act(Random random, UserExecutionEngine engine) throws RefusedException, IOException {
        String thread = "t" + random.nextInt(4);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> submit(engine, thread, "says", WhenBusy.ENQUEUE);
            case 3, 4 -> submit(engine, thread, "asks", WhenBusy.ROLLBACK);
            case 5 -> submit(engine, thread, "asks", WhenBusy.INTERRUPT);
            case 6 -> answer(engine);
            case 7 -> cancel(engine);
            case 8 -> upload(engine);
            case 9 -> uploadInPieces(engine);
            case 10 -> fork(engine, new ThreadId(thread));
            case 11 -> follow(engine);
            case 12 -> engine.rename(new ThreadId(thread), "title").toCompletableFuture().join();
            case 13 -> engine.delete(new ThreadId(thread)).toCompletableFuture().join();
            case 14 -> premises.alarms.advance(IDLE.multipliedBy(2));
            default -> erase(random, engine);
        }
    }

    private void submit(UserExecutionEngine engine, String thread, String agent, WhenBusy whenBusy) {
        String marker = "marker-" + markers.incrementAndGet() + "-";
        Receipt receipt = engine.submit(TestUser.request(thread, agent, marker, whenBusy))
                .toCompletableFuture()
                .join();
        epochs.put(marker, receipt.position().epoch());
    }

    private static Optional<RunView> unfinished(UserExecutionEngine engine) throws RefusedException {
        return engine.snapshot().runs().stream().findFirst();
    }

    private static void answer(UserExecutionEngine engine) throws RefusedException {
        for (RunView run : engine.snapshot().runs()) {
            if (!run.questions().isEmpty()) {
                engine.answer(new AnswerRequest(
                        UUID.randomUUID(),
                        run.run(),
                        run.questions().getFirst().id(),
                        new AnswerRequest.Content.Approval(true)))
                        .toCompletableFuture()
                        .join();
                return;
            }
        }
    }

    private static void cancel(UserExecutionEngine engine) throws RefusedException {
        Optional<RunView> run = unfinished(engine);
        if (run.isPresent()) {
            engine.cancel(run.get().run()).toCompletableFuture().join();
        }
    }

    private void upload(UserExecutionEngine engine) throws RefusedException, IOException {
        byte[] content = ("file-" + markers.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
        engine.attach("file", "text/plain", new ByteArrayInputStream(content));
    }

    private static void uploadInPieces(UserExecutionEngine engine) throws RefusedException, IOException {
        AttachmentId upload = engine.beginUpload("file", "text/plain", 20).id();
        engine.continueUpload(upload, 0, UploadContent.of(0, 10));
        engine.continueUpload(upload, 10, UploadContent.of(10, 20));
    }

    private static void fork(UserExecutionEngine engine, ThreadId thread) throws RefusedException {
        var messages = engine.messages(thread, io.insula.engine.api.PageRequest.first()).items();
        if (!messages.isEmpty()) {
            engine.fork(thread, messages.getLast().id(), Optional.empty()).toCompletableFuture().join();
        }
    }

    private void follow(UserExecutionEngine engine) throws RefusedException {
        try (EventSubscription following = engine.subscribe(new SubscribeFrom.Start(), () -> {})) {
            EventBatch batch = following.poll(1_000, 1 << 20);
            check(batch.epoch(), batch.events());
        }
    }

    private void erase(Random random, UserExecutionEngine engine) throws RefusedException {
        if (random.nextInt(3) > 0) {
            return;
        }
        String before = engine.snapshot().position().epoch();
        engine.erase().toCompletableFuture().join();
        erasures.incrementAndGet();
        erased.add(before);
        try (UserExecutionEngine.Lease lease = premises.directory.open(USER)) {
            String after = lease.engine().snapshot().position().epoch();
            assertTrue(!after.equals(before), "the epoch is the same after an erase");
            follow(lease.engine());
        }
    }

    /** None of these events has a marker that was accepted in another epoch. */
    private void check(String epoch, List<UserEvent> events) {
        String all = events.stream().map(UserEvent::json).collect(Collectors.joining());
        for (Map.Entry<String, String> marker : epochs.entrySet()) {
            if (!marker.getValue().equals(epoch) && all.contains(marker.getKey())) {
                throw new AssertionError("in " + epoch + " there is " + marker);
            }
        }
    }

    private void checkLastLife() throws RefusedException, IOException {
        try (UserExecutionEngine.Lease lease = premises.directory.open(USER)) {
            String last = lease.engine().snapshot().position().epoch();
            assertTrue(!erased.contains(last), "an erased epoch is back");
            for (RunView run : lease.engine().snapshot().runs()) {
                lease.engine().cancel(run.run()).toCompletableFuture().join();
            }
            Await.until("all is quiet", ((UserRoom) lease.engine())::isQuiet);
            List<UserEvent> log = premises.log(USER);
            AguiOrder.checkComplete(log);
            check(last, log);
            String all = log.stream().map(UserEvent::json).collect(Collectors.joining());
            epochs.forEach((marker, epoch) -> assertEquals(epoch.equals(last), all.contains(marker), marker));
            List<String> texts = premises.journal.textNames(USER, FakeCatalog.PLUGIN);
            texts.forEach(marker -> assertEquals(last, epochs.get(marker)));
            assertEquals(premises.journal.attachmentsCount(USER), premises.files().size());
        }
    }
}
