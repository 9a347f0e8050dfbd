package io.insula.engine.user;

import io.insula.agent.AgentResult;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much one run may write: it is never trimmed before it has ended, so it must not grow without end. */
final class RunVolumeTest {
    private static final long BYTES = 20_000;
    private static final int PIECE = 1_000;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.kept(TestLimits.Kept.defaults().withEventBytes(BYTES)));

    private final TestUser ada = premises.user("ada");

    @BeforeEach
    void addAgent() {
        premises.catalog.add("says", context -> {
            for (int i = 0; i < Integer.parseInt(context.input().text()); i++) {
                context.think("x".repeat(PIECE));
            }
            return AgentResult.done();
        });
    }

    @Test
    void aRunThatWritesLessThanIsKeptOfItsUserCompletes() {
        ada.expect(ada.run("t", "says", "10"), RunState.COMPLETED);
    }

    @Test
    void aRunThatAloneWritesMoreThanIsKeptOfItsUserFailsAndTheNextOneWorks() {
        premises.expectLosses(ada);
        ada.expectCode(ada.run("t", "says", "100"), ErrorCode.RUN_TOO_LARGE.word());
        ada.expect(ada.run("t", "says", "1"), RunState.COMPLETED);
    }
}
