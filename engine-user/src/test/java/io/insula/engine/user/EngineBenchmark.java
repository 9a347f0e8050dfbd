package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentResult;
import io.insula.agent.MessageWriter;
import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures engines over the journal on disk, and prints figures. Part of the profile {@code benchmarks}. Alarms ring only
 * when they are told to, so that engines are evicted when it is their turn.
 */
final class EngineBenchmark {
    private static final int CROWD = 500;
    private static final int RUNS_EACH = 10;
    private static final int DELTAS = 20;
    private static final int EMITTED = 500;
    private static final int REBUILT = 200;
    private static final int IDLE = 10_000;
    private static final int NEIGHBOUR_RUNS = 200;
    private static final int SLICES = 6;

    @TempDir
    Path folder;

    private final FakeAlarms alarms = new FakeAlarms();
    /** For its journal time passes as it does. */
    private final Alarms journalAlarms = new ThreadAlarms(Thread.ofPlatform().daemon(true).factory());
    private final FakeCatalog catalog = new FakeCatalog();
    private final EngineLimits limits = EngineLimits.defaults();
    private final Semaphore says = new Semaphore(0);
    private final AtomicLong emittedAt = new AtomicLong();
    private final AtomicBoolean floods = new AtomicBoolean();
    private RoomDirectory directory;

    @BeforeEach
    void begin() throws JournalTroubleException, JournalVersionException {
        catalog.add("twenty", context -> {
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < DELTAS; i++) {
                    message.write("some words of an answer, as they come ");
                }
            }
            return AgentResult.done();
        });
        catalog.add("one", context -> {
            context.say("word");
            return AgentResult.done();
        });
        catalog.add("paced", context -> {
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < EMITTED; i++) {
                    says.acquire();
                    emittedAt.set(System.nanoTime());
                    message.write("word");
                }
            }
            return AgentResult.done();
        });
        catalog.add("flood", context -> {
            while (floods.get()) {
                context.say("as much as it may say, and then some more");
            }
            return AgentResult.done();
        });
        EngineEnvironment environment = new EngineEnvironment(
                InstantSource.system(),
                alarms::nanoTime,
                new SecureRandom(),
                Thread.ofVirtual().factory(),
                Thread.ofPlatform().daemon(true).factory());
        EngineEnvironment ofJournal = new EngineEnvironment(
                environment.clock(), System::nanoTime, environment.random(), environment.runThreads(),
                environment.platformThreads());
        directory = new RoomDirectory(new RoomParts(
                limits,
                environment,
                new SqliteJournal(JournalFile.in(folder), new JournalSchema(), limits, ofJournal, journalAlarms),
                catalog,
                new PlatformShare(limits.platform()),
                alarms,
                new AgUiEvents(environment.clock()),
                new Identity(environment.random()),
                new AttachmentFolder(folder.resolve(EngineModule.ATTACHMENTS))));
    }

    @AfterEach
    void end() {
        directory.shutDown(Duration.ZERO);
        journalAlarms.close();
    }

    private TestUser user(String subject) throws RefusedException {
        UserId id = Premises.id(subject);
        return new TestUser(id, directory.open(id));
    }

    private List<TestUser> users(int count) throws RefusedException {
        List<TestUser> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            users.add(user("user-" + i));
        }
        return users;
    }

    private static void awaitEnd(TestUser user, RunId run) {
        Await.value(end(user, run));
    }

    /** A cancellation of a run that has ended or is about to says how it ended, and when that is durable. */
    private static CompletionStage<?> end(TestUser user, RunId run) {
        Await.until("it ends", () -> user.view(run).state().isTerminal());
        return user.engine().cancel(run);
    }

    @Test
    void rowsOfARunAtFullLoad() throws Exception {
        List<TestUser> users = users(CROWD);
        for (int round = 0; round < RUNS_EACH; round++) {
            List<RunId> runs = new ArrayList<>();
            List<CompletionStage<Receipt>> accepted = new ArrayList<>();
            for (TestUser user : users) {
                accepted.add(user.submit("t", "twenty", "", WhenBusy.ENQUEUE));
            }
            accepted.forEach(each -> runs.add(Await.value(each).run()));
            for (int i = 0; i < CROWD; i++) {
                awaitEnd(users.get(i), runs.get(i));
            }
        }
        try (JournalConnection file = JournalFile.in(folder).openForReading()) {
            double runs = file.number("select count(*) from runs");
            System.out.printf(
                    "%d users at once: %.2f rows of events for a run of %d deltas (at most 3), %.1f events a run%n",
                    CROWD,
                    file.number("select count(*) from events") / runs,
                    DELTAS,
                    file.number("select sum(last - first + 1) from events") / runs);
        }
    }

    @Test
    void fromEmitToDelivered() throws Exception {
        Latencies emitted = new Latencies();
        Latencies bare = new Latencies();
        TestUser ada = user("ada");
        Semaphore came = new Semaphore(0);
        EventSubscription following = ada.engine().subscribe(new SubscribeFrom.Now(), came::release);
        RunId run = ada.start("t", "paced", "");
        JournalFile other = new JournalFile(folder.resolve("bare.db"), List.of());
        try (JournalConnection file = other.openForWriting()) {
            file.run("create table events (number integer primary key, body blob)");
            for (int i = 0; i < EMITTED; i++) {
                drain(following, came);
                says.release();
                awaitContent(following, came);
                emitted.add(System.nanoTime() - emittedAt.get());
                long at = System.nanoTime();
                file.update("begin immediate");
                file.update("insert into events (body) values (?)", new byte[200]);
                file.update("commit");
                bare.add(System.nanoTime() - at);
            }
        }
        awaitEnd(ada, run);
        // What was not read would be waited for, and here no time passes.
        following.close();
        System.out.printf(
                "one user, from emit to delivered: %s; bare commit %s; ratio of p50 %.2f (at most 2)%n",
                emitted,
                bare,
                (double) emitted.percentile(50) / bare.percentile(50));
    }

    private static void drain(EventSubscription following, Semaphore came) throws RefusedException {
        came.drainPermits();
        while (!following.poll(100, 1 << 20).events().isEmpty()) {
            came.drainPermits();
        }
    }

    private static void awaitContent(EventSubscription following, Semaphore came) throws Exception {
        while (true) {
            boolean told = following.poll(100, 1 << 20).events().stream()
                    .anyMatch(event -> event.json().contains("TEXT_MESSAGE_CONTENT"));
            if (told) {
                return;
            }
            came.acquire();
        }
    }

    @Test
    void engineThatWasEvicted() throws Exception {
        List<TestUser> users = users(REBUILT);
        for (int i = 0; i < RUNS_EACH; i++) {
            for (TestUser user : users) {
                user.run("t" + i, "twenty", "");
            }
        }
        users.forEach(user -> user.lease().close());
        evictAll();
        Latencies opened = new Latencies();
        Latencies answered = new Latencies();
        for (TestUser user : users) {
            long at = System.nanoTime();
            try (UserExecutionEngine.Lease lease = directory.open(user.id())) {
                opened.add(System.nanoTime() - at);
                lease.engine().snapshot();
                answered.add(System.nanoTime() - at);
            }
        }
        System.out.printf(
                "an engine that was evicted, of %d runs: %s, with its snapshot %s (p50 at most 10 ms)%n",
                RUNS_EACH,
                opened,
                answered);
    }

    private void evictAll() {
        Await.until("all are evicted", () -> {
            alarms.advance(limits.user().idleEviction());
            return directory.liveRooms() == 0;
        });
    }

    @Test
    void heapOfEngines() throws Exception {
        List<UserId> ids = IntStream.range(0, IDLE).mapToObj(i -> Premises.id("user-" + i)).toList();
        List<UserExecutionEngine.Lease> leases = new ArrayList<>(IDLE);
        open(ids, leases);
        letGo(leases);
        evictAll();
        long nobody = Heap.usedBytes();
        open(ids, leases);
        long fresh = Heap.usedBytes();
        for (int i = 0; i < IDLE; i++) {
            TestUser user = new TestUser(ids.get(i), leases.get(i));
            awaitEnd(user, user.start("t", "one", ""));
        }
        long live = Heap.usedBytes();
        letGo(leases);
        evictAll();
        long evicted = Heap.usedBytes();
        System.out.printf(
                "heap of %,d users: %,d bytes of an engine that has done nothing, %,d of one that has done something and is"
                        + " idle (at most 2,048), %,d of an evicted one%n",
                IDLE,
                (fresh - nobody) / IDLE,
                (live - nobody) / IDLE,
                (evicted - nobody) / IDLE);
    }

    private void open(List<UserId> ids, List<UserExecutionEngine.Lease> leases) throws RefusedException {
        for (UserId id : ids) {
            leases.add(directory.open(id));
        }
        assertEquals(IDLE, directory.liveRooms());
    }

    private static void letGo(List<UserExecutionEngine.Lease> leases) {
        leases.forEach(UserExecutionEngine.Lease::close);
        leases.clear();
    }

    @Test
    void neighbourOfAFlood() throws Exception {
        TestUser flooding = user("flooding");
        TestUser ada = user("ada");
        Latencies alone = new Latencies();
        Latencies beside = new Latencies();
        for (int slice = 0; slice < SLICES; slice++) {
            measure(ada, slice == 0 ? new Latencies() : alone);
            floods.set(true);
            List<RunId> runs = new ArrayList<>();
            for (int i = 0; i < limits.user().runsAtOnce(); i++) {
                runs.add(flooding.start("t" + i, "flood", ""));
            }
            measure(ada, slice == 0 ? new Latencies() : beside);
            floods.set(false);
            runs.forEach(run -> awaitEnd(flooding, run));
        }
        System.out.printf(
                "from input to first event alone %s; beside a user who floods the journal %s; ratio of p99 %.2f%n",
                alone,
                beside,
                (double) beside.percentile(99) / alone.percentile(99));
    }

    private static void measure(TestUser user, Latencies latencies) throws Exception {
        Semaphore came = new Semaphore(0);
        try (EventSubscription following = user.engine().subscribe(new SubscribeFrom.Now(), came::release)) {
            for (int i = 0; i < NEIGHBOUR_RUNS; i++) {
                drain(following, came);
                long at = System.nanoTime();
                RunId run = user.start("t", "one", "");
                awaitContent(following, came);
                latencies.add(System.nanoTime() - at);
                awaitEnd(user, run);
            }
        }
    }
}
