package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** The engine with all its threads in the hands of a seed, and the model that watches it. */
final class SeededPlatform {
    final SeededThreads threads;
    final Reference reference;
    final SeededAgents agents;
    private final EngineLimits limits;
    private final Random random;
    private int failingWrites;
    /** Made anew by each process, as everything below: who calls the engine. */
    SeededThreads.Group callers;

    /** The engine's own threads. */
    private SeededThreads.Group own;

    EventJournal journal;
    RoomDirectory directory;
    private MemoryJournal memory;
    private FakeCatalog catalog;
    private PlatformShare share;

    SeededPlatform(long seed, EngineLimits limits, boolean writesFail) {
        this.limits = limits;
        threads = new SeededThreads(seed);
        random = new Random(seed);
        reference = new Reference(limits, writesFail, time());
        agents = new SeededAgents(reference);
        callers = threads.group("callers");
        own = threads.group("platform");
        catalog = new FakeCatalog();
        agents.addTo(catalog);
        share = new PlatformShare(limits.platform());
        memory = new MemoryJournal(limits, environmentOfJournal());
        journal = WatchedJournal.of(memory, reference);
        directory = directory();
    }

    private EngineEnvironment environmentOfJournal() {
        return new EngineEnvironment(
                this::timeOfWrite, time()::nanoTime, random, own.factory("run"), own.factory("journal"));
    }

    private RoomDirectory directory() {
        EngineEnvironment environment = new EngineEnvironment(
                time(), time()::nanoTime, random, own.factory("run"), own.factory("journal"));
        return new RoomDirectory(new RoomParts(
                limits,
                environment,
                journal,
                catalog,
                share,
                time(),
                new AgUiEvents(time()),
                new Identity(random),
                new AttachmentFolder(Path.of("nowhere"))));
    }

    SeededTime time() {
        return threads.time();
    }

    void failNextWrites(int count) {
        failingWrites = count;
    }

    private Instant timeOfWrite() {
        if (failingWrites > 0) {
            failingWrites--;
            throw new IllegalStateException("on purpose");
        }
        return time().instant();
    }

    /**
     * Has the process end where it stands, with those who call it, when so many turns have been taken or there is no
     * more to come.
     */
    void crashAt(long turn, BooleanSupplier over, Runnable crashed) {
        threads.between(0, () -> (threads.turns() >= turn || over.getAsBoolean()) && memory.isBetweenWrites(), () -> {
            callers.crash();
            own.crash();
            time().crash();
            callers = threads.group("next callers");
            own = threads.group("next platform");
            memory = memory.afterCrash(environmentOfJournal());
            journal = WatchedJournal.of(memory, reference);
            reference.crashed(memory);
            agents.crashed();
            crashed.run();
        });
    }

    /** Begins another process over what the journal has kept. */
    void restart() {
        catalog = new FakeCatalog();
        agents.addTo(catalog);
        share = new PlatformShare(limits.platform());
        directory = directory();
    }

    void shutDown(Duration drain) {
        reference.goingAway = true;
        directory.shutDown(drain);
    }

    /** Runs until all threads have ended; nothing may be left then. */
    void run() {
        threads.run();
        check(share.placesTaken() == 0, "places not given back: ", share.placesTaken());
        check(share.runsAccepted() == 0, "runs that still count as accepted: ", share.runsAccepted());
        check(catalog.openLeases() == 0, "leases of agents not given back: ", catalog.openLeases());
        check(time().set() == 0, "alarms set after the end: ", time().set());
        agents.checkNothingKept();
        reference.users().forEach(user -> new FinalAccount(user, reference.writesFail).check(journal));
    }
}
