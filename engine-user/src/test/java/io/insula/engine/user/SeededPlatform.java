package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** The engine with all its threads in the hands of a seed, and the model that watches it. */
final class SeededPlatform {
    final SeededThreads threads;
    /** Who calls the engine. */
    final SeededThreads.Group callers;
    /** The engine's own threads, which a crash would end together. */
    final SeededThreads.Group own;

    final Reference reference;
    final SeededAgents agents;
    final EventJournal journal;
    final RoomDirectory directory;
    private final FakeCatalog catalog = new FakeCatalog();
    private final PlatformShare share;
    private int failingWrites;

    SeededPlatform(long seed, EngineLimits limits, boolean writesFail) {
        threads = new SeededThreads(seed);
        callers = threads.group("callers");
        own = threads.group("platform");
        reference = new Reference(limits, writesFail, time());
        agents = new SeededAgents(catalog, reference);
        share = new PlatformShare(limits.platform());
        Random random = new Random(seed);
        EngineEnvironment environment = new EngineEnvironment(
                time(), time()::nanoTime, random, own.factory("run"), own.factory("journal"));
        EngineEnvironment ofJournal = new EngineEnvironment(
                this::timeOfWrite, time()::nanoTime, random, own.factory("run"), own.factory("journal"));
        journal = WatchedJournal.of(new MemoryJournal(limits, ofJournal), reference);
        directory = new RoomDirectory(new RoomParts(
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
