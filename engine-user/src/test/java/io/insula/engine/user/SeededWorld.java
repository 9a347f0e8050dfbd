package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A whole platform with users who call it, from its beginning to its end, as one seed has it. */
final class SeededWorld {
    /** Of so many kinds of worlds there is one in which writes fail, and one in which the platform crashes. */
    private static final int KINDS = 4;

    private static final int FAILING = 0;
    private static final int CRASHING = 1;
    private static final int LATEST_CRASH = 600;
    private static final int MOST_USERS = 3;

    private final Random random;
    private final SeededPlatform platform;
    private final List<SeededFollower> followers = new ArrayList<>();
    private final List<List<RunRequest>> sent = new ArrayList<>();
    private final int users;
    private final int callersOfEach;
    private final int actions;
    private final CountDownLatch actionsBeforeEnd;
    private final boolean endsAbruptly;
    private final boolean crashes;
    private final CountDownLatch crashed = new CountDownLatch(1);
    private CountDownLatch callersLeft;
    private int followersLeft;

    SeededWorld(long seed) {
        random = new Random(seed);
        int kind = random.nextInt(KINDS);
        crashes = kind == CRASHING;
        EngineLimits limits = SeededLimits.drawn(random);
        platform = new SeededPlatform(
                random.nextLong(),
                crashes ? SeededLimits.withRoomFor(MOST_USERS, limits) : limits,
                kind == FAILING);
        users = 1 + random.nextInt(MOST_USERS);
        callersOfEach = 1 + random.nextInt(2);
        actions = 2 + random.nextInt(6);
        endsAbruptly = random.nextInt(3) == 0;
        actionsBeforeEnd = new CountDownLatch(random.nextInt(users * callersOfEach * actions));
        for (int user = 0; user < users; user++) {
            sent.add(new ArrayList<>());
        }
        callersLeft = startCallers();
        if (crashes) {
            platform.crashAt(
                    1 + random.nextInt(LATEST_CRASH), () -> callersLeft.getCount() == 0, crashed::countDown);
        }
        platform.threads.group("operator").start("closer", this::end);
    }

    private CountDownLatch startCallers() {
        for (int user = 0; user < users; user++) {
            ReferenceUser known = reference().user(new UserId("https://issuer.test", "user" + user));
            for (int i = 0; i < callersOfEach; i++) {
                platform.callers.start("caller",
                        new SeededCaller(this, known, new Random(random.nextLong()), actions, sent.get(user)));
            }
        }
        return new CountDownLatch(users * callersOfEach);
    }

    /** Lives it, and returns what stands for its order. */
    long live() {
        platform.run();
        check(followersLeft == 0, "followers left: ", followersLeft);
        return platform.threads.trace();
    }

    boolean wasDisturbed() {
        return platform.threads.wasDisturbed();
    }

    long turns() {
        return platform.threads.turns();
    }

    @Override
    public String toString() {
        return users + " users, " + (reference().writesFail ? "writes fail, " : "")
                + (crashes ? "crashes, " : "") + (endsAbruptly ? "ends abruptly" : "");
    }

    // ---- for those who live in it

    SeededTime time() {
        return platform.time();
    }

    Reference reference() {
        return platform.reference;
    }

    SeededAgents agents() {
        return platform.agents;
    }

    void note(String what) {
        platform.threads.note(what);
    }

    void acted() {
        actionsBeforeEnd.countDown();
    }

    void callerEnded() {
        callersLeft.countDown();
    }

    /** A lease of the user's engine, unless there is a reason to refuse it. */
    Optional<UserExecutionEngine.Lease> open(ReferenceUser user) throws RefusedException {
        try {
            UserExecutionEngine.Lease lease = platform.directory.open(user.id);
            user.leased(lease.engine());
            return Optional.of(lease);
        } catch (RefusedException refused) {
            boolean full = refused.code() == ErrorCode.PLATFORM_BUSY && reference().limits.platform().engines() < users;
            boolean goingAway = refused.code() == ErrorCode.GOING_AWAY && reference().goingAway;
            if (full || goingAway) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** What was promised must be there to be read in that moment. */
    void checkDurable(ReferenceUser user, Receipt receipt) {
        List<UserEvent> there = platform.journal.read(user.id, receipt.position().sequence() - 1, 1, 1);
        check(!there.isEmpty() && there.getFirst().run().equals(receipt.run()), "told before it was durable: ",
                receipt);
    }

    /** Does what is not for one engine to do. */
    void disturb(Random random, ReferenceUser user) throws RefusedException {
        if (reference().writesFail && random.nextBoolean()) {
            platform.failNextWrites(1 + random.nextInt(2));
            return;
        }
        Optional<UserExecutionEngine.Lease> lease = open(user);
        if (lease.isPresent()) {
            follow(user, lease.get(), random.nextBoolean() ? new SubscribeFrom.Start() : new SubscribeFrom.Now());
        }
    }

    private void follow(ReferenceUser user, UserExecutionEngine.Lease lease, SubscribeFrom from)
            throws RefusedException {
        try {
            SeededFollower follower = new SeededFollower(user, lease.engine(), from, () -> {
                followersLeft--;
                user.gaveBack();
                lease.close();
            });
            followers.add(follower);
            followersLeft++;
            platform.callers.start("follower", follower);
        } catch (RefusedException refused) {
            user.gaveBack();
            lease.close();
            throw refused;
        }
    }

    // ---- the end

    private void end() {
        try {
            if (crashes) {
                crashed.await();
                goOnAfterCrash();
            }
            if (endsAbruptly) {
                actionsBeforeEnd.await();
                shutDown();
                agents().openAll();
                callersLeft.await();
            } else {
                callersLeft.await();
                agents().openAll();
                awaitEnds();
                endFollowers();
                awaitEvictions();
                checkRebuilt();
                shutDown();
            }
            endFollowers();
            time().end();
        } catch (InterruptedException | RefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** Users come back to another process, and follow from where they were. */
    private void goOnAfterCrash() throws RefusedException {
        List<SeededFollower> before = List.copyOf(followers);
        followers.clear();
        followersLeft = 0;
        before.forEach(follower -> follower.check(platform.journal, false));
        platform.restart();
        for (SeededFollower follower : before) {
            Optional<UserExecutionEngine.Lease> lease = open(follower.user);
            if (lease.isPresent()) {
                follow(follower.user, lease.get(), new SubscribeFrom.After(follower.position()));
            }
        }
        callersLeft = startCallers();
    }

    private void shutDown() {
        time().becomePatient();
        platform.shutDown(Duration.ofMillis(random.nextInt(3_000)));
    }

    private void awaitEnds() throws InterruptedException {
        // Whatever is left ends by itself when its time is up, so that time is all it takes.
        for (int i = 0; i < 40 && !reference().allEnded(); i++) {
            time().sleep(Duration.ofSeconds(5));
        }
        check(reference().allEnded(), "runs never end", "");
    }

    private void endFollowers() throws InterruptedException {
        // Time passes only when everybody waits: whoever was told of something has read it.
        time().sleep(Duration.ofSeconds(1));
        for (SeededFollower follower : followers) {
            follower.check(platform.journal, true);
            follower.end();
        }
        followers.clear();
    }

    private void awaitEvictions() throws InterruptedException {
        for (int i = 0; i < 40 && platform.directory.liveRooms() > 0; i++) {
            time().sleep(SeededLimits.IDLE);
        }
        check(platform.directory.liveRooms() == 0, "rooms never evicted: ", platform.directory.liveRooms());
    }

    private void checkRebuilt() throws RefusedException {
        for (ReferenceUser user : reference().users()) {
            UserExecutionEngine.Lease lease = platform.directory.open(user.id);
            user.leased(lease.engine());
            UserExecutionEngine engine = lease.engine();
            for (ReferenceUser.Promise promise : user.promises().values()) {
                Receipt again = engine.submit(promise.body()).toCompletableFuture().join();
                check(again.equals(promise.receipt()), "another receipt after the rebuild: ", again);
                RunId run = promise.receipt().run();
                check(engine.cancel(run).toCompletableFuture().join().equals(engine.run(run)), "changed by a stop: ",
                        run);
            }
            check(engine.snapshot().runs().isEmpty(), "unfinished after the end: ",
                    engine.snapshot());
            for (String thread : user.runs().threads()) {
                List<String> shown = engine
                        .messages(new ThreadId(thread), new PageRequest(Optional.empty(), PageRequest.MAX_SIZE))
                        .items()
                        .stream()
                        .map(message -> message.run().value())
                        .filter(run -> !user.runs().mayShowThoughHidden(run))
                        .toList();
                check(shown.equals(user.runs().messages(thread)), "other messages than said: ", shown);
            }
            user.gaveBack();
            lease.close();
        }
    }
}
