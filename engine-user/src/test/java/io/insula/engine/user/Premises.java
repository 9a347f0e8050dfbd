package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole engine with real threads, a fake catalog and time that stands still. After each test it checks what must
 * hold when everything has ended, and that every user's log was in order.
 */
final class Premises implements AfterEachCallback {
    private static final Duration HURRY = Duration.ofSeconds(5);

    final FakeCatalog catalog = new FakeCatalog();
    final FakeAlarms alarms = new FakeAlarms();
    final EngineLimits limits;
    final PlatformShare platform;
    final MemoryJournal journal;
    final RoomParts parts;
    final RoomDirectory directory;
    final Path folder;

    /** Whether the journal writes nothing for now. */
    final AtomicBoolean holdsWrites = new AtomicBoolean();
    /** How much room the disk has. */
    final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    /** How many of the next writes fail. */
    final AtomicInteger failingWrites = new AtomicInteger();

    private final Set<UserId> withLosses = ConcurrentHashMap.newKeySet();
    private final Map<UserId, TestUser> users = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Thread> runThreads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Thread> platformThreads = new ConcurrentLinkedQueue<>();
    private int directories = 1;

    Premises() {
        this(EngineLimits.defaults());
    }

    Premises(EngineLimits limits) {
        this(limits, threads -> threads);
    }

    /** With threads for runs made in another way. */
    Premises(EngineLimits limits, UnaryOperator<ThreadFactory> runThreadFactory) {
        this.limits = limits;
        this.folder = temporaryFolder();
        this.platform = new PlatformShare(limits.platform());
        ThreadFactory runFactory = runThreadFactory.apply(Thread.ofVirtual().factory());
        SecureRandom random = new SecureRandom();
        EngineEnvironment environment = new EngineEnvironment(
                alarms,
                alarms::nanoTime,
                random,
                work -> remember(runThreads, runFactory.newThread(work)),
                work -> remember(
                        platformThreads, Thread.ofPlatform().daemon(true).unstarted(work)));
        this.journal = new MemoryJournal(
                limits,
                new EngineEnvironment(
                        this::timeOfWrite, alarms::nanoTime, random, environment.runThreads(),
                        environment.platformThreads()));
        this.parts = new RoomParts(
                limits,
                environment,
                journal,
                catalog,
                platform,
                alarms,
                new AgUiEvents(alarms),
                new Identity(random),
                new AttachmentFolder(folder, home -> freeBytes.get()));
        this.directory = new RoomDirectory(parts);
    }

    /** Asked by the journal for each write. */
    private Instant timeOfWrite() {
        if (holdsWrites.get()) {
            Await.until("writing may go on", () -> !holdsWrites.get());
        }
        if (failingWrites.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("on purpose");
        }
        return alarms.instant();
    }

    private static Thread remember(ConcurrentLinkedQueue<Thread> threads, Thread thread) {
        threads.add(thread);
        return thread;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("insula-attachments");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static UserId id(String subject) {
        return new UserId("https://issuer.test", subject);
    }

    /** A user who holds a lease until the test has ended. */
    TestUser user(String subject) {
        return users.computeIfAbsent(id(subject), id -> {
            try {
                return new TestUser(id, directory.open(id));
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Expects that events of the user are lost, so that the order of what is left says nothing. */
    void expectLosses(TestUser user) {
        withLosses.add(user.id());
    }

    /** Waits until everything is durable that the user's room has decided so far. */
    void flush(TestUser user) {
        assertTrue(Await.value(journal.append(user.id(), new JournalAppend())).last() >= 0);
    }

    /** Everything of the user's log that is kept. */
    List<UserEvent> log(UserId user) {
        return journal.read(user, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Has a thread shut the platform down. */
    Thread beginShutDown(Duration drain) {
        directories = 0;
        return Thread.ofVirtual().start(() -> directory.shutDown(drain));
    }

    /** Shuts the platform down; time passes by itself if that takes long. */
    void shutDown(Duration drain) {
        Thread ending = beginShutDown(drain);
        long patience = System.nanoTime() + HURRY.toNanos();
        Await.until("the platform is down", () -> {
            if (System.nanoTime() - patience > 0) {
                alarms.skip(Duration.ofHours(1));
            }
            return !ending.isAlive();
        });
    }

    /** Ends what was made within a test: shuts the platform down and leaves no files. */
    void end() throws IOException {
        shutDown(Duration.ZERO);
        deleteFolder();
    }

    /** Another directory over the same journal, that is told when a room ends to follow its log for the first time. */
    RoomDirectory directoryWithFollowersThatEnd(Runnable ending) {
        AtomicBoolean told = new AtomicBoolean();
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object result = method.invoke(journal, arguments);
            if (result instanceof EventJournal.Following following) {
                EventJournal.Following telling = () -> {
                    if (!told.getAndSet(true)) {
                        ending.run();
                    }
                    following.end();
                };
                return telling;
            }
            return result;
        };
        EventJournal telling = EventJournal.class.cast(Proxy.newProxyInstance(
                EventJournal.class.getClassLoader(), new Class<?>[]{EventJournal.class}, handler));
        return directoryOver(telling);
    }

    /** Another directory, over another journal. */
    RoomDirectory directoryOver(EventJournal other) {
        directories++;
        return new RoomDirectory(new RoomParts(
                limits,
                parts.environment(),
                other,
                catalog,
                platform,
                alarms,
                parts.events(),
                parts.identity(),
                parts.attachments()));
    }

    AttachmentFolder attachments() {
        return parts.attachments();
    }

    /** The files under the attachments folder. */
    List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            // A test that failed has told why: what it left behind would only hide it.
            if (context.getExecutionException().isEmpty()) {
                checkQuiet();
            }
        } finally {
            end();
        }
        if (context.getExecutionException().isEmpty()) {
            Await.until("platform threads are gone", () -> platformThreads.stream().noneMatch(Thread::isAlive));
        }
    }

    private void checkQuiet() {
        for (TestUser user : users.values()) {
            Await.until("nothing is in progress for " + user.id(), () -> user.room().isQuiet());
        }
        Await.until("threads of runs are gone", () -> runThreads.stream().noneMatch(Thread::isAlive));
        // Given back by whoever ended the last run, right after letting go of the room.
        Await.until("places of the platform are free", () -> platform.placesTaken() == 0);
        Await.until("no run counts as accepted", () -> platform.runsAccepted() == 0);
        Await.until("nobody is at work with uploads", () -> parts.attachments().uploads().isIdle());
        assertEquals(0, catalog.openLeases(), "leases of agents are open");
        assertEquals(directories, alarms.set(), "alarms are set besides the look after idle rooms");
        for (TestUser user : users.values()) {
            if (!withLosses.contains(user.id())) {
                AguiOrder.checkComplete(log(user.id()));
            }
            assertTrue(
                    journal.snapshot(user.id(), 1).runs().isEmpty(), () -> "unfinished runs are kept of " + user.id());
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
