package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Agent;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.ContextMisuseException;
import io.insula.agent.Outcome;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ToolCallException;
import io.insula.agent.hosting.PluginFaultException;
import io.insula.engine.api.RunState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a plugin does, its run ends with a code, and no text of its exception reaches anybody. */
final class FailureTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");

    private void failsWith(String code, Agent agent) {
        premises.catalog.add("bad", agent);
        RunId run = ada.run("t", "bad", "");
        ada.expect(run, RunState.FAILED);
        ada.expectCode(run, code);
        assertTrue(premises.log(ada.id()).stream().noneMatch(event -> event.json().contains("secret")));
        premises.catalog.add("good", context -> AgentResult.done());
        ada.expect(ada.run("t", "good", ""), RunState.COMPLETED);
    }

    private static AgentResult thrown(Throwable failure) throws Exception {
        switch (failure) {
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError(failure);
        }
    }

    @Test
    void anExceptionFailsTheRun() {
        failsWith("agent-failed", context -> thrown(new IllegalStateException("secret")));
    }

    @Test
    void aFailureOfTheAgentsOwnIsShownWithItsCodeAndItsMessage() {
        failsWith(FakeCatalog.PLUGIN + ".no-luck", context -> thrown(new AgentFailure("no-luck", "No luck.")));
        assertTrue(premises.log(ada.id()).stream().anyMatch(event -> event.json().contains("No luck.")));
    }

    @Test
    void aStackOverflowFailsTheRun() {
        failsWith("agent-failed", context -> endless(context.input().text()));
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static AgentResult endless(String text) {
        return endless(text + "x".repeat(0));
    }

    @Test
    void anOutOfMemoryErrorFailsTheRun() {
        failsWith("agent-failed", context -> thrown(new OutOfMemoryError("secret")));
    }

    @Test
    void anExceptionThatThrowsWhenItIsReadFailsTheRun() {
        failsWith("agent-failed", context -> thrown(new RuntimeException("secret") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("secret");
            }
        }));
    }

    @Test
    @SuppressWarnings("NullAway") // what agents must not do is what is tested
    void aNullResultFailsTheRun() {
        failsWith("agent-failed", context -> null);
        failsWith("agent-failed", context -> AgentResult.of(null));
    }

    @Test
    @SuppressWarnings("NullAway") // what agents must not do is what is tested
    void aToolFailureOfTheAgentsOwnMakingFailsTheRun() {
        failsWith("tool-failed", context -> thrown(new ToolCallException(null, null)));
        failsWith("tool-failed", context -> thrown(new ToolCallException("no code\n", "x".repeat(1 << 22))));
        assertTrue(premises.log(ada.id()).stream().allMatch(event -> event.json().length() < 10_000));
    }

    @Test
    @SuppressWarnings("NullAway") // what agents must not do is what is tested
    void theFailureOfASubAgentThatNeverWasFailsTheRun() {
        failsWith("agent-failed", context -> thrown(orFail(null, null)));
        failsWith("agent-failed", context -> thrown(orFail("no code\n", "x".repeat(1 << 22))));
        assertTrue(premises.log(ada.id()).stream().allMatch(event -> event.json().length() < 10_000));
    }

    private static AgentFailure orFail(String code, String message) {
        return assertThrows(
                AgentFailure.class, () -> new Outcome.Failed<AgentResult.Nothing>(code, message).orFail());
    }

    @Test
    void exceptionsThatMeanAStopDoNotLeaveARunThatWasNotStoppedUnfinished() {
        failsWith("agent-failed", context -> thrown(new RunStoppedException()));
        failsWith("agent-failed", context -> thrown(new InterruptedException("secret")));
        failsWith("agent-failed", context -> thrown(new ContextMisuseException("secret")));
    }

    @Test
    void anAgentThatCannotBeMadeFailsTheRun() {
        premises.catalog.add("unmade", FakeCatalog.PLUGIN, Optional.empty(), () -> {
            throw new PluginFaultException("secret");
        });
        ada.expectCode(ada.run("t", "unmade", ""), "agent-failed");
    }

    @Test
    void aMessageThatTheAgentLeftOpenBelongsToTheConversation() {
        failsWith("agent-failed", context -> {
            context.message().write("as far as it got");
            return thrown(new IllegalStateException("secret"));
        });
        assertTrue(ada.texts("t").contains("as far as it got"));
    }

    @Test
    void aRunWhoseThreadCannotBeStartedFailsAndGivesItsPlaceBack() throws IOException {
        ThreadFactory refusing = work -> new Thread(work) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("no more threads");
            }
        };
        Premises poor = new Premises(EngineLimits.defaults(), threads -> refusing);
        try {
            poor.catalog.add("any", context -> AgentResult.done());
            TestUser bob = poor.user("bob");
            bob.expectCode(bob.run("t", "any", ""), "internal");
            Await.until("all is quiet", bob.room()::isQuiet);
            Await.until("its place is free", () -> poor.platform.placesTaken() == 0);
        } finally {
            poor.end();
        }
    }
}
