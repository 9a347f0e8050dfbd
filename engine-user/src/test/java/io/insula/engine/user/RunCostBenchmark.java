package io.insula.engine.user;

import io.insula.agent.AgentResult;
import io.insula.agent.MessageWriter;
import io.insula.agent.UserId;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what the engine adds to a run, and prints figures. Part of the profile {@code benchmarks}. The bare form says
 * the same words in a fresh virtual thread for each run, makes the same events of them, writes the same to the same kind
 * of journal and reads it as a client would, without an engine: no rooms, no limits, no order, no deadline, nobody who
 * could stop it.
 */
final class RunCostBenchmark {
    private static final int CROWD = 200;
    private static final int RUNS_EACH = 20;
    private static final int DELTAS = 20;
    /** Rounds until most of what runs is compiled; they do not count. */
    private static final int WARM_UP = 12;

    private static final int ROUNDS = 24;
    private static final String DELTA = "\"delta\":\"";

    @TempDir
    Path folder;

    private final EngineLimits limits = EngineLimits.defaults();
    private final FakeAlarms alarms = new FakeAlarms();
    /** For its journal time passes as it does. */
    private final Alarms journalAlarms = new ThreadAlarms(Thread.ofPlatform().daemon(true).factory());
    private final EngineEnvironment environment = new EngineEnvironment(
            InstantSource.system(),
            alarms::nanoTime,
            new SecureRandom(),
            Thread.ofVirtual().factory(),
            Thread.ofPlatform().daemon(true).factory());

    /** What was written of each user, in order, in the one round that is noted; noting takes time. */
    private final Map<UserId, Queue<JournalAppend>> written = new ConcurrentHashMap<>();

    private EventJournal journal(String name) throws Exception {
        EngineEnvironment ofJournal = new EngineEnvironment(
                environment.clock(), System::nanoTime, environment.random(), environment.runThreads(),
                environment.platformThreads());
        return new SqliteJournal(
                JournalFile.in(Files.createDirectories(folder.resolve(name))), new JournalSchema(), limits, ofJournal,
                journalAlarms);
    }

    private EventJournal noting(EventJournal journal) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("append")) {
                written.computeIfAbsent((UserId) arguments[0], user -> new ConcurrentLinkedQueue<>())
                        .add((JournalAppend) arguments[1]);
            }
            try {
                return method.invoke(journal, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return EventJournal.class.cast(Proxy.newProxyInstance(
                EventJournal.class.getClassLoader(), new Class<?>[]{EventJournal.class}, handler));
    }

    private RoomDirectory directory(String name, EventJournal journal) throws Exception {
        FakeCatalog catalog = new FakeCatalog().add("twenty", context -> {
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < DELTAS; i++) {
                    message.write("some words of an answer, as they come ");
                }
            }
            return AgentResult.done();
        });
        return new RoomDirectory(new RoomParts(
                limits,
                environment,
                journal,
                catalog,
                new PlatformShare(limits.platform()),
                alarms,
                new AgUiEvents(environment.clock()),
                new Identity(environment.random()),
                new AttachmentFolder(folder.resolve(name).resolve(EngineModule.ATTACHMENTS))));
    }

    /** Seconds for all runs of all users over engines, each run begun when the one before was seen to end. */
    private double withEngine(String name, EventJournal journal) throws Exception {
        RoomDirectory directory = directory(name, journal);
        List<TestUser> users = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            UserId id = Premises.id("user-" + i);
            users.add(new TestUser(id, directory.open(id)));
        }
        long begun = System.nanoTime();
        all(users, user -> {
            Semaphore came = new Semaphore(0);
            try (EventSubscription following = user.engine().subscribe(new SubscribeFrom.Now(), came::release)) {
                for (int run = 0; run < RUNS_EACH; run++) {
                    Await.value(user.submit("t", "twenty", "", WhenBusy.ENQUEUE));
                    awaitEnd(following, came);
                }
            }
        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        directory.shutDown(Duration.ZERO);
        return seconds;
    }

    private static void awaitEnd(EventSubscription following, Semaphore came) throws Exception {
        while (true) {
            boolean ended = following.poll(100, 1 << 20).events().stream()
                    .anyMatch(event -> event.json().contains("RUN_FINISHED"));
            if (ended) {
                return;
            }
            came.acquire();
        }
    }

    /** Seconds for the same writes, each run's in a thread of its own, begun when the one before is durable. */
    private double bare(String name) throws Exception {
        EventJournal journal = journal(name);
        List<UserId> users = List.copyOf(written.keySet());
        for (UserId user : users) {
            journal.open(user);
        }
        Map<UserId, List<List<JournalAppend>>> runs = new ConcurrentHashMap<>();
        written.forEach((user, appends) -> runs.put(user, byRun(appends)));
        AgUiEvents events = new AgUiEvents(environment.clock());
        long begun = System.nanoTime();
        all(users, user -> {
            Semaphore came = new Semaphore(0);
            EventJournal.Following following = journal.follow(user, came::release);
            long at = 0;
            for (List<JournalAppend> run : runs.getOrDefault(user, List.of())) {
                Await.value(journal.append(user, run.getFirst()));
                Thread.ofVirtual().start(() -> {
                    for (JournalAppend append : run.subList(1, run.size())) {
                        journal.append(user, anew(append, events));
                    }
                });
                at = awaitEnd(journal, user, at, came);
            }
            following.end();
        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        journal.close();
        return seconds;
    }

    /** The same append, with its words made into events again. */
    private static JournalAppend anew(JournalAppend append, AgUiEvents events) {
        JournalAppend next = new JournalAppend();
        for (JournalAppend.EventDraft event : append.events()) {
            String json = event.json();
            int delta = json.indexOf(DELTA);
            next.event(event.thread(), event.run(), delta < 0
                    ? json
                    : events.messageContent(
                            AgUiEvents.Author.RUN,
                            event.run().value() + ".m1",
                            json.substring(delta + DELTA.length(), json.lastIndexOf('"'))));
        }
        append.changes().forEach(next::change);
        return next;
    }

    private static long awaitEnd(EventJournal journal, UserId user, long after, Semaphore came) throws Exception {
        long at = after;
        while (true) {
            List<UserEvent> events = journal.read(user, at, 100, 1 << 20);
            if (events.isEmpty()) {
                came.acquire();
                continue;
            }
            at = events.getLast().sequence();
            if (events.stream().anyMatch(event -> event.json().contains("RUN_FINISHED"))) {
                return at;
            }
        }
    }

    private static List<List<JournalAppend>> byRun(Queue<JournalAppend> appends) {
        List<List<JournalAppend>> runs = new ArrayList<>();
        for (JournalAppend append : appends) {
            if (append.events().stream().anyMatch(event -> event.json().contains("insula.run.accepted"))) {
                runs.add(new ArrayList<>());
            }
            if (append.chain().isPresent()) {
                runs.getLast().add(append);
            }
        }
        return runs;
    }

    private interface Deed<T> {
        void of(T user) throws Exception;
    }

    private static <T> void all(List<T> users, Deed<T> deed) throws InterruptedException {
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = users.stream()
                .map(user -> Thread.ofVirtual().start(() -> {
                    try {
                        deed.of(user);
                    } catch (Exception failure) {
                        failures.add(failure);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " users failed", failures.remove());
        }
    }

    @AfterEach
    void end() {
        journalAlarms.close();
    }

    @Test
    void whatTheEngineAddsToARun() throws Exception {
        Latencies ratios = new Latencies();
        withEngine("noted", noting(journal("noted")));
        for (int round = 0; round < ROUNDS; round++) {
            String name = "engine-" + round;
            double engine = withEngine(name, journal(name));
            double bare = bare("bare-" + round);
            System.out.printf(
                    "%d users x %d runs of %d deltas: engine %.2f s, bare %.2f s, ratio %.3f (at most 1.1)%n",
                    CROWD,
                    RUNS_EACH,
                    DELTAS,
                    engine,
                    bare,
                    engine / bare);
            if (round >= WARM_UP) {
                ratios.add((long) (engine / bare * 1e9));
            }
        }
        System.out.printf("median of the ratios %.3f%n", ratios.percentile(50) / 1e9);
    }
}
