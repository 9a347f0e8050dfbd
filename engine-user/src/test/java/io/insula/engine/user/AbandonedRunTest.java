package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that ignore their stop. */
final class AbandonedRunTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    AbandonedRunTest() {
        premises.catalog
                .add("deaf", "deaf-plugin", context -> {
                    begun.incrementAndGet();
                    Await.open(mayEnd);
                    return AgentResult.done();
                })
                .add("deaf-too", "deaf-plugin", context -> AgentResult.done())
                .add("good", context -> AgentResult.done());
    }

    private RunId stopped(String thread) {
        int before = begun.get();
        RunId run = ada.start(thread, "deaf", "");
        Await.until("it is at work", () -> begun.get() > before);
        assertEquals(RunState.CANCELLED, ada.cancel(run).state());
        return run;
    }

    private void graceEnds() {
        premises.alarms.advance(premises.limits.run().stopGrace());
    }

    @Test
    void aRunThatIgnoresItsStopKeepsItsPlaceForTheGraceAndNoLonger() {
        for (int i = 0; i < 2; i++) {
            stopped("t" + i);
        }
        RunId third = stopped("t2");
        RunId next = ada.start("t2", "good", "");
        RunId elsewhere = ada.start("u", "good", "");
        premises.alarms.advance(premises.limits.run().stopGrace().minusNanos(1));
        assertEquals(RunState.QUEUED, ada.view(next).state());
        assertEquals(RunState.QUEUED, ada.view(elsewhere).state());
        assertEquals(3, premises.platform.placesTaken());
        graceEnds();

        ada.expect(next, RunState.COMPLETED);
        ada.expect(elsewhere, RunState.COMPLETED);
        Await.until("places are free", () -> premises.platform.placesTaken() == 0);
        assertEquals(RunState.CANCELLED, ada.view(third).state());
        mayEnd.countDown();
    }

    @Test
    void afterThreeAbandonedRunsThePluginIsRefusedToThisUserUntilOneHasEnded() {
        for (int i = 0; i < 2; i++) {
            stopped("t" + i);
        }
        graceEnds();
        ada.expect(ada.run("u", "deaf-too", ""), RunState.COMPLETED);
        stopped("t2");
        graceEnds();

        assertEquals(
                ErrorCode.PLUGIN_UNHEALTHY,
                Await.refusal(ada.submit("u", "deaf-too", "", WhenBusy.ENQUEUE)).code());
        ada.expect(ada.run("u", "good", ""), RunState.COMPLETED);
        TestUser bob = premises.user("bob");
        bob.expect(bob.run("u", "deaf-too", ""), RunState.COMPLETED);

        assertEquals(List.of("deaf-plugin", "deaf-plugin", "deaf-plugin"), premises.catalog.abandoned());
        mayEnd.countDown();
        Await.until("the abandoned runs have ended", ada.room()::isQuiet);
        Await.until("the catalog knows", () -> premises.catalog.abandoned().isEmpty());
        ada.expect(ada.run("u", "deaf-too", ""), RunState.COMPLETED);
    }

    @Test
    void aRunThatWaitedWhileItsPluginBecameUnhealthyFails() {
        List<RunId> stopped = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stopped.add(stopped("t" + i));
        }
        RunId waiting = ada.start("t2", "deaf-too", "");
        graceEnds();

        ada.expectCode(waiting, ErrorCode.PLUGIN_UNHEALTHY.word());
        stopped.forEach(run -> assertEquals(RunState.CANCELLED, ada.view(run).state()));
        mayEnd.countDown();
    }

    @Test
    void anAbandonedRunCountsForThePluginOfTheSubAgentItHangsIn() {
        premises.catalog.add("caller", context -> {
            context.delegate(Delegation.to("deaf"));
            return AgentResult.done();
        });
        for (int i = 0; i < 3; i++) {
            int before = begun.get();
            RunId run = ada.start("t" + i, "caller", "");
            Await.until("it is at work", () -> begun.get() > before);
            ada.cancel(run);
        }
        graceEnds();

        assertEquals(
                ErrorCode.PLUGIN_UNHEALTHY,
                Await.refusal(ada.submit("u", "deaf-too", "", WhenBusy.ENQUEUE)).code());
        ada.expect(ada.run("u", "good", ""), RunState.COMPLETED);
        mayEnd.countDown();
    }
}
