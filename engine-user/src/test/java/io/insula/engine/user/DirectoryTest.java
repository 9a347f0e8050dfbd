package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DirectoryTest {
    private static final int ENGINES = 3;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.platform(1_000, 20_000, ENGINES));

    private final Duration idle = premises.limits.user().idleEviction();

    private static List<Thread> start(int threads, Runnable work, Queue<Throwable> failures) {
        return IntStream.range(0, threads)
                // Of the platform, so that they disturb each other wherever they are.
                .mapToObj(i -> Thread.ofPlatform()
                        .daemon(true)
                        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                        .start(work))
                .toList();
    }

    private UserExecutionEngine.Lease open(UserId user) {
        try {
            return premises.directory.open(user);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens the user's engine as soon as there is room for it. */
    private UserExecutionEngine.Lease openPatiently(UserId user) {
        while (true) {
            try {
                return premises.directory.open(user);
            } catch (RefusedException refused) {
                assertEquals(ErrorCode.PLATFORM_BUSY, refused.code());
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aHundredThreadsThatAskForAUserGetTheSameEngine() {
        Set<UserExecutionEngine> engines = ConcurrentHashMap.newKeySet();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = start(
                100,
                () -> {
                    Await.open(go);
                    engines.add(open(Premises.id("ada")).engine());
                },
                failures);
        go.countDown();
        Await.until("all have asked", () -> threads.stream().noneMatch(Thread::isAlive));

        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(1, engines.size());
        assertEquals(1, premises.directory.liveRooms());
    }

    @Test
    void anEngineIsEvictedOnlyAfterItsTimeWithoutLease() {
        UserExecutionEngine.Lease lease = open(Premises.id("ada"));
        UserExecutionEngine engine = lease.engine();
        premises.alarms.advance(idle.multipliedBy(3));
        assertEquals(1, premises.directory.liveRooms());
        lease.close();
        lease.close();
        premises.alarms.advance(idle.minusNanos(1));
        assertEquals(1, premises.directory.liveRooms());
        premises.alarms.advance(idle);
        assertEquals(0, premises.directory.liveRooms());

        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                assertThrows(RefusedException.class, engine::snapshot).code());
        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                assertThrows(RefusedException.class, () -> engine.threads(PageRequest.first())).code());
        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                Await.refusal(engine.submit(TestUser.request("t", "any", "", WhenBusy.ENQUEUE))).code());
        assertNotSame(engine, open(Premises.id("ada")).engine());
    }

    @Test
    void anEngineWithARunUnderWayIsNotEvictedNorRightAfterIt() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        premises.catalog.add("gated", context -> {
            Await.open(mayEnd);
            return AgentResult.done();
        });
        TestUser ada = premises.user("ada");
        RunId run = ada.start("t", "gated", "");
        UserRoom room = ada.room();
        ada.lease().close();
        premises.alarms.advance(idle.multipliedBy(1));
        assertEquals(1, premises.directory.liveRooms());
        mayEnd.countDown();
        Await.until("the run has ended", room::isQuiet);
        premises.alarms.advance(idle.minusNanos(1));
        assertEquals(1, premises.directory.liveRooms());
        assertSame(room, open(Premises.id("ada")).engine());
        assertEquals(RunState.COMPLETED, ada.view(run).state());
    }

    @Test
    void theLogAndItsRecordsOutliveTheEngine() {
        premises.catalog.add("echo", context -> {
            context.say("hello");
            return AgentResult.done();
        });
        TestUser ada = premises.user("ada");
        RunId run = ada.run("t", "echo", "hi");
        Await.until("all is quiet", ada.room()::isQuiet);
        ada.lease().close();
        premises.alarms.advance(idle.multipliedBy(2));
        assertEquals(0, premises.directory.liveRooms());
        TestUser again = new TestUser(ada.id(), open(ada.id()));

        assertEquals(RunState.COMPLETED, again.view(run).state());
        assertEquals(List.of("hi", "hello"), again.texts("t"));
        again.expect(again.run("t", "echo", "again"), RunState.COMPLETED);
    }

    @Test
    void atMostSoManyEnginesLiveAndAnIdleOneGivesWay() {
        List<UserExecutionEngine.Lease> leases =
                IntStream.range(0, ENGINES).mapToObj(i -> open(Premises.id("user" + i))).toList();
        RefusedException refused =
                assertThrows(RefusedException.class, () -> premises.directory.open(Premises.id("one more")));
        assertEquals(ErrorCode.PLATFORM_BUSY, refused.code());
        assertSame(leases.getFirst().engine(), open(Premises.id("user0")).engine());

        leases.get(1).close();
        assertEquals(Premises.id("one more"), open(Premises.id("one more")).engine().user());
        assertEquals(ENGINES, premises.directory.liveRooms());
    }

    @Test
    void manyUsersAtOnceDoNotGetMoreEnginesThanThereMayBe() {
        for (int round = 0; round < 20; round++) {
            String prefix = "round" + round + "-";
            AtomicInteger next = new AtomicInteger();
            CountDownLatch go = new CountDownLatch(1);
            ConcurrentLinkedQueue<UserExecutionEngine.Lease> leases = new ConcurrentLinkedQueue<>();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            List<Thread> threads = start(
                    20,
                    () -> {
                        Await.open(go);
                        leases.add(open(Premises.id(prefix + next.incrementAndGet())));
                    },
                    failures);
            go.countDown();
            Await.until("all have asked", () -> threads.stream().noneMatch(Thread::isAlive));
            assertEquals(ENGINES, leases.size());
            assertEquals(ENGINES, premises.directory.liveRooms());
            leases.forEach(UserExecutionEngine.Lease::close);
        }
    }

    @Test
    void thereIsOneLiveEngineOfAUserWhateverOpensClosesAndEvicts() {
        UserId user = Premises.id("ada");
        premises.catalog.add("quick", context -> AgentResult.done());
        AtomicBoolean over = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Set<UserExecutionEngine> held = ConcurrentHashMap.newKeySet();
        AtomicInteger others = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        List<Thread> evicting = start(
                2,
                () -> {
                    // Where all places are taken, a new user makes every idle engine give way.
                    while (!over.get()) {
                        openPatiently(Premises.id("other" + others.incrementAndGet())).close();
                    }
                },
                failures);
        List<Thread> asking = start(
                1,
                () -> {
                    for (int i = 0; held.size() < 30 && failures.isEmpty(); i++) {
                        UserExecutionEngine.Lease lease = openPatiently(user);
                        UserExecutionEngine engine = lease.engine();
                        held.add(engine);
                        if (i % 50 == 0) {
                            String thread = "t" + Thread.currentThread().threadId();
                            TestUser ada = new TestUser(user, lease);
                            ada.expect(ada.run(thread, "quick", ""), RunState.COMPLETED);
                            runs.incrementAndGet();
                        }
                        // Whoever holds a lease at the same time holds the same engine.
                        UserExecutionEngine.Lease second = open(user);
                        if (!second.engine().equals(engine)) {
                            throw new AssertionError("two engines of one user");
                        }
                        second.close();
                        lease.close();
                    }
                },
                failures);
        Await.until("all have asked", () -> asking.stream().noneMatch(Thread::isAlive));
        over.set(true);
        Await.until("nobody evicts", () -> evicting.stream().noneMatch(Thread::isAlive));

        assertEquals(List.of(), List.copyOf(failures));
        UserRoom last = (UserRoom) openPatiently(user).engine();
        Await.until("all is quiet", last::isQuiet);
        AguiOrder.checkComplete(premises.log(user));
        assertEquals(runs.get(), premises.log(user).stream()
                .filter(event -> event.json().contains("insula.run.accepted"))
                .count());
    }

    @Test
    void aUserWhoComesBackWhileTheEngineIsEvictedGetsANewOne() {
        UserId user = Premises.id("ada");
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicReference<List<Thread>> comingBack = new AtomicReference<>(List.of());
        AtomicReference<RoomDirectory> directory = new AtomicReference<>(premises.directory);
        RoomDirectory made = premises.directoryWithFollowersThatEnd(() -> {
            List<Thread> threads = start(
                    1,
                    () -> {
                        try {
                            directory.get().open(user).close();
                        } catch (RefusedException e) {
                            throw new AssertionError(e);
                        }
                    },
                    failures);
            comingBack.set(threads);
            // It has got through, or waits until the eviction is over.
            Await.until("the user has come back", () -> threads.stream()
                    .allMatch(thread -> !thread.isAlive() || thread.getState() == Thread.State.WAITING));
        });
        directory.set(made);
        try {
            made.open(user).close();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
        premises.alarms.advance(idle.multipliedBy(2));
        Await.until("the user is back", () -> comingBack.get().stream().noneMatch(Thread::isAlive));

        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(1, comingBack.get().size());
    }
}
