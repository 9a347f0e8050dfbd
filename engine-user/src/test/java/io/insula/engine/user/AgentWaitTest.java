package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.engine.api.RunState;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that were accepted while their agent was loaded, and begin when it is not. */
final class AgentWaitTest {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LIMIT = EngineLimits.defaults().run().agentWait();

    @RegisterExtension
    final Premises premises = new Premises();

    private TestUser ada;
    private RunId run;

    @BeforeEach
    void takeTheAgentAway() {
        ada = premises.user("ada");
        premises.catalog
                .add("first", context -> {
                    Thread.currentThread().join();
                    return AgentResult.done();
                })
                .add("late", context -> AgentResult.done());
        RunId first = ada.start("t", "first", "");
        run = ada.start("t", "late", "");
        premises.catalog.remove("late");
        ada.cancel(first);
        awaitLooked();
    }

    private void awaitLooked() {
        Await.until("it has looked for its agent", () -> premises.alarms.set(LOOK) == 1);
    }

    private void look(long times) {
        for (long looks = 0; looks < times; looks++) {
            premises.alarms.advance(LOOK);
            awaitLooked();
        }
    }

    private void bring() {
        premises.catalog.add("late", context -> AgentResult.done());
    }

    @Test
    void theRunGoesOnWhenItsAgentComes() {
        look(3);
        assertEquals(RunState.RUNNING, ada.view(run).state());
        bring();
        premises.alarms.advance(LOOK);
        assertEquals(RunState.COMPLETED, ada.awaitEnd(run).state());
    }

    @Test
    void anAgentThatComesInTheLastMomentIsInTime() {
        look(LIMIT.dividedBy(LOOK) - 1);
        bring();
        premises.alarms.advance(LOOK);
        assertEquals(RunState.COMPLETED, ada.awaitEnd(run).state());
    }

    @Test
    void theRunFailsWhenItsAgentDoesNotComeInTime() {
        look(LIMIT.dividedBy(LOOK) - 1);
        premises.alarms.advance(LOOK);
        ada.expectCode(run, "agent-unknown");
    }

    @Test
    void whatWaitsForItsAgentCanBeStopped() {
        assertEquals(RunState.CANCELLED, ada.cancel(run).state());
        Await.until("it looks no more", () -> premises.alarms.set(LOOK) == 0);
    }
}
