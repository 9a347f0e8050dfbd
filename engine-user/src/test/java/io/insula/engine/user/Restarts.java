package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One process after the other over one journal. After each test it checks that every run has ended, once, and that the
 * log was in order over all processes.
 */
final class Restarts implements AfterEachCallback {
    final FakeCatalog catalog = new FakeCatalog();
    final EngineLimits limits;
    final MemoryJournal disk;

    private final FakeAlarms clock = new FakeAlarms();
    private final SecureRandom random = new SecureRandom();
    private final Path folder = temporaryFolder();
    private final AttachmentFolder attachments = new AttachmentFolder(folder);
    private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Map<UserId, TestUser> users = new HashMap<>();
    /** All that ever were. */
    private final Set<UserId> known = new HashSet<>();
    private FakeAlarms alarms = clock;
    private EngineLimits limitsNow;
    private CrashableJournal journal;
    private PlatformShare platform;
    private RoomDirectory directory;

    Restarts() {
        this(EngineLimits.defaults());
    }

    Restarts(EngineLimits limits) {
        this.limits = limits;
        this.limitsNow = limits;
        this.disk = new MemoryJournal(limits, environment());
        this.journal = new CrashableJournal(disk);
        this.platform = new PlatformShare(limits.platform());
        this.directory = begin();
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("insula-attachments");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private EngineEnvironment environment() {
        return new EngineEnvironment(
                clock,
                clock::nanoTime,
                random,
                work -> remember(Thread.ofVirtual().unstarted(work)),
                work -> Thread.ofPlatform().daemon(true).unstarted(work));
    }

    private Thread remember(Thread thread) {
        threads.add(thread);
        return thread;
    }

    private RoomDirectory begin() {
        return new RoomDirectory(new RoomParts(
                limitsNow,
                environment(),
                journal.journal(),
                catalog,
                platform,
                alarms,
                new AgUiEvents(clock),
                new Identity(random),
                attachments));
    }

    /** What the process of now has between itself and the disk. */
    CrashableJournal journal() {
        return journal;
    }

    RoomDirectory directory() {
        return directory;
    }

    PlatformShare platform() {
        return platform;
    }

    AttachmentFolder attachments() {
        return attachments;
    }

    /** A user with a lease in the process of now. */
    TestUser user(String subject) {
        known.add(Premises.id(subject));
        return users.computeIfAbsent(Premises.id(subject), id -> {
            try {
                return new TestUser(id, directory.open(id));
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Has all connections of the user end. */
    void leave(String subject) {
        user(subject).lease().close();
        users.remove(Premises.id(subject));
    }

    /** Has users connect anew: their connections have ended. */
    void forget() {
        users.clear();
    }

    /** Ends the process where it stands. */
    void crash() {
        journal.crash();
        alarms.close();
        // What had been handed on before reaches the disk, and nothing else does.
        known.stream()
                .filter(user -> !disk.bounds(user).epoch().isEmpty())
                .forEach(user -> flush(user.subject()));
        users.clear();
    }

    /** Begins another process over what was written. */
    void restart() {
        restart(Integer.MAX_VALUE);
    }

    /** Begins another process, which crashes by itself after so many appends. */
    void restart(int crashAfter) {
        // Its alarms begin at the same time of day: clocks go on while nothing runs.
        FakeAlarms next = new FakeAlarms();
        next.skip(Duration.ofNanos(clock.nanoTime()));
        alarms = next;
        journal = new CrashableJournal(disk);
        journal.crashAfter(crashAfter);
        platform = new PlatformShare(limitsNow.platform());
        directory = begin();
    }

    /** Begins another process with other limits. */
    void restartWith(EngineLimits other) {
        limitsNow = other;
        restart();
    }

    void crashAndRestart() {
        crash();
        restart();
    }

    void shutDown() {
        shutDown(Duration.ZERO);
    }

    private void shutDown(Duration drain) {
        Thread ending = Thread.ofVirtual().start(() -> directory.shutDown(drain));
        Await.until("the process has ended", () -> {
            clock.skip(Duration.ofMillis(20));
            return !ending.isAlive();
        });
        users.clear();
    }

    /** Waits until whoever waits with a limit has looked several times more whether it is over, or has ended. */
    void awaitLooks(Thread waiting) {
        long before = clock.asked();
        Await.until("it has looked again", () -> clock.asked() > before + 3 || !waiting.isAlive());
    }

    /** Lets time pass, for the clock and for the process of now. */
    void advance(Duration time) {
        if (alarms != clock) {
            clock.skip(time);
        }
        alarms.advance(time);
    }

    int liveThreads() {
        return (int) threads.stream().filter(Thread::isAlive).count();
    }

    void awaitThreadsGone() {
        Await.until("threads of runs are gone", () -> liveThreads() == 0);
    }

    /** Waits until everything is written that was decided so far. */
    void flush(String subject) {
        assertTrue(Await.value(disk.append(Premises.id(subject), new JournalAppend())).last() >= 0);
    }

    /** Holds the writer: what is asked for from now on is on its way until {@code held} is opened. */
    void holdWriter(CountDownLatch held) throws EventJournal.JournalException {
        CountDownLatch holding = new CountDownLatch(1);
        disk.open(Premises.id("holder"));
        disk.follow(Premises.id("holder"), () -> {
            holding.countDown();
            Await.open(held);
        });
        disk.append(Premises.id("holder"), new JournalAppend());
        Await.open(holding);
    }

    /** Everything of the user's log. */
    List<UserEvent> log(String subject) {
        return disk.read(Premises.id(subject), 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** The run's events as types, with what tells them apart. */
    List<String> story(String subject, RunId run) {
        return log(subject).stream()
                .filter(event -> event.run().equals(run))
                .map(event -> Json.parse(event.json()))
                .map(Restarts::word)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String word(Json event) {
        return switch (event.text("type")) {
            case "TEXT_MESSAGE_START" -> "message";
            case "TEXT_MESSAGE_CONTENT" -> "says " + event.text("delta");
            case "TEXT_MESSAGE_END" -> "said";
            case "REASONING_MESSAGE_CONTENT" -> "thinks " + event.text("delta");
            case "STEP_STARTED" -> "step " + event.text("stepName");
            case "STEP_FINISHED" -> "end of step " + event.text("stepName");
            case "TOOL_CALL_START" -> "calls " + event.text("toolCallName");
            case "TOOL_CALL_RESULT" -> "gets " + event.text("content");
            case "SUBAGENT_STARTED" -> "delegates " + event.text("name");
            case "SUBAGENT_FINISHED" -> "end of sub-agent";
            case "SUBAGENT_ERROR" -> "sub-agent " + event.text("code");
            case "RUN_FINISHED" -> "finished";
            case "RUN_ERROR" -> "error " + event.text("code");
            case "CUSTOM" -> event.text("name").replace("insula.", "");
            default -> "";
        };
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            if (context.getExecutionException().isEmpty()) {
                check();
            }
        } finally {
            shutDown();
            disk.close();
            deleteFolder();
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void check() {
        awaitThreadsGone();
        Await.until("places of the platform are free", () -> platform.placesTaken() == 0);
        Await.until("no run counts as accepted", () -> platform.runsAccepted() == 0);
        assertEquals(0, catalog.openLeases(), "leases of agents are open");
        assertEquals(List.of(), disk.unfinishedUsers(), "users with unfinished runs");
        for (TestUser user : users.values()) {
            AguiOrder.checkComplete(log(user.id().subject()));
        }
    }
}
