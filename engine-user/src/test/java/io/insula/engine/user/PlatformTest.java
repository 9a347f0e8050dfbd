package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What all users share: places for runs, one for each in turn. */
final class PlatformTest {
    private static final int PLACES = 2;
    private static final int ACCEPTED = 40;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.platform(PLACES, ACCEPTED, 1_000));

    private final Semaphore mayEnd = new Semaphore(0);
    private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

    PlatformTest() {
        premises.catalog.add("gated", context -> {
            begun.add(context.user().subject());
            mayEnd.acquire();
            return AgentResult.done();
        });
    }

    @Test
    void usersThatWaitForAPlaceGetItInTurnOneEach() {
        TestUser greedy = premises.user("greedy");
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(greedy.start("t" + i, "gated", ""));
        }
        Await.until("the places are taken", () -> begun.size() == PLACES);
        TestUser ada = premises.user("ada");
        RunId modest = ada.start("t", "gated", "");
        // The greedy one waits longer and has the next place, but not the one after it.
        mayEnd.release();
        Await.until("a third began", () -> begun.size() == 3);
        mayEnd.release();
        Await.until("a fourth began", () -> begun.size() == 4);

        assertEquals(List.of("greedy", "greedy", "greedy", "ada"), List.copyOf(begun));
        mayEnd.release(10);
        ada.expect(modest, RunState.COMPLETED);
        runs.forEach(run -> greedy.expect(run, RunState.COMPLETED));
    }

    @Test
    void aUserThatLostInterestPassesItsPlaceOn() {
        TestUser ada = premises.user("ada");
        TestUser bob = premises.user("bob");
        TestUser eve = premises.user("eve");
        List<RunId> working = List.of(ada.start("a", "gated", ""), ada.start("b", "gated", ""));
        Await.until("the places are taken", () -> begun.size() == PLACES);
        RunId given = bob.start("t", "gated", "");
        RunId next = eve.start("t", "gated", "");
        bob.cancel(given);
        mayEnd.release();
        eve.awaitState(next, RunState.RUNNING);

        assertEquals(PLACES, premises.platform.placesTaken());
        mayEnd.release(2);
        working.forEach(run -> ada.expect(run, RunState.COMPLETED));
        eve.expect(next, RunState.COMPLETED);
    }

    @Test
    void anyNumberOfUsersMayHaveLostInterest() {
        PlatformShare share = new PlatformShare(TestLimits.platform(1, 1, 1).platform());
        AtomicInteger asked = new AtomicInteger();
        assertTrue(share.takePlace(() -> false));
        for (int i = 0; i < 100_000; i++) {
            assertTrue(!share.takePlace(() -> {
                asked.incrementAndGet();
                return false;
            }));
        }
        share.givePlaceBack();

        assertEquals(100_000, asked.get());
        assertEquals(0, share.placesTaken());
    }

    @Test
    void thePlatformAcceptsAsManyRunsAsItsLimitAndNoMore() {
        TestUser ada = premises.user("ada");
        TestUser bob = premises.user("bob");
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            runs.add(ada.start("t", "gated", ""));
        }
        for (int i = 0; i < ACCEPTED - 30; i++) {
            bob.start("t", "gated", "");
        }
        var refused = Await.refusal(bob.submit("t", "gated", "", WhenBusy.ENQUEUE));
        assertEquals(ErrorCode.PLATFORM_BUSY, refused.code());
        ada.cancel(runs.getLast());
        bob.start("t", "gated", "");
        mayEnd.release(ACCEPTED);
    }
}
