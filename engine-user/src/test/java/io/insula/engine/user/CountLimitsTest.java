package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What takes no place, no turn and no bytes is counted all the same. */
final class CountLimitsTest {
    private static final int RUNS = 10;
    private static final int FILES = 4;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.counted(RUNS, FILES));

    private final TestUser ada = premises.user("ada");
    private final TestUser bob = premises.user("bob");

    @BeforeEach
    void addAgent() {
        premises.catalog.add("asks", context -> {
            context.ask(new Question.Approval("May I?"));
            return AgentResult.done();
        });
    }

    private ErrorCode refusal(String thread, WhenBusy whenBusy) {
        return Await.refusal(ada.submit(thread, "asks", "", whenBusy)).code();
    }

    @Test
    void runsThatWaitForAnswersAreAsManyAsTheLimitAndNoMore() {
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            RunId run = ada.start("t" + i, "asks", "");
            ada.awaitQuestion(run);
            runs.add(run);
        }
        assertEquals(ErrorCode.QUEUE_FULL, refusal("other", WhenBusy.ENQUEUE));
        assertEquals(ErrorCode.QUEUE_FULL, refusal("t0", WhenBusy.ENQUEUE));
        // One that takes the place of another is not one more.
        RunId instead = Await.value(ada.submit("t0", "asks", "", WhenBusy.INTERRUPT)).run();
        ada.expect(runs.getFirst(), RunState.CANCELLED);
        runs.set(0, instead);
        bob.cancel(bob.start("t", "asks", ""));

        Await.value(ada.answer(runs.getLast(), ada.awaitQuestion(runs.getLast()).id(), new Content.Approval(true)));
        ada.expect(runs.getLast(), RunState.COMPLETED);
        RunId next = ada.start("other", "asks", "");
        assertEquals(ErrorCode.QUEUE_FULL, refusal("another", WhenBusy.ENQUEUE));
        runs.set(RUNS - 1, next);
        runs.forEach(ada::cancel);
    }

    private static void attach(TestUser user) throws RefusedException, IOException {
        user.engine().attach("empty.txt", "text/plain", new ByteArrayInputStream(new byte[0]));
    }

    @Test
    void emptyAttachmentsAreAsManyAsTheLimitAndNoMore() throws Exception {
        for (int i = 0; i < FILES; i++) {
            attach(ada);
        }
        assertEquals(
                ErrorCode.ATTACHMENTS_FULL,
                assertThrows(RefusedException.class, () -> attach(ada)).code());
        assertEquals(FILES, premises.files().size());
        attach(bob);
    }

    @Test
    void anUploadThatFailedGivesItsPlaceBack() throws Exception {
        for (int i = 0; i < 2 * FILES; i++) {
            assertThrows(
                    RefusedException.class,
                    () -> ada.engine().attach("a/b", "text/plain", new ByteArrayInputStream(new byte[0])));
            assertThrows(IOException.class, () -> ada.engine().attach("a", "text/plain", new BrokenInput()));
        }
        for (int i = 0; i < FILES; i++) {
            attach(ada);
        }
    }

    private static final class BrokenInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("broken");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("broken");
        }
    }
}
