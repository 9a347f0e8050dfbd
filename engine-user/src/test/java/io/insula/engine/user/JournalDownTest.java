package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The journal goes down and comes back while the process goes on. */
final class JournalDownTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger begun = new AtomicInteger();

    JournalDownTest() {
        restarts.catalog
                .addResumable("resumable", context -> {
                    context.say("one ");
                    begun.incrementAndGet();
                    gate();
                    context.say("two");
                    return AgentResult.done();
                })
                .add("forgets", context -> {
                    context.say("one ");
                    begun.incrementAndGet();
                    gate();
                    return AgentResult.done();
                })
                .addResumable("asks", context -> {
                    context.say("" + context.ask(new Question.Approval("May I?")));
                    return AgentResult.done();
                });
    }

    private void gate() throws InterruptedException {
        if (!opened.get()) {
            new CountDownLatch(1).await();
        }
    }

    private RunId startAndWait(String agent) {
        RunId run = restarts.user("ada").start("t", agent, "");
        Await.until("it is at work", () -> begun.get() == 1);
        restarts.flush("ada");
        return run;
    }

    private void goDown() {
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.DISK_FULL));
        restarts.awaitThreadsGone();
        restarts.forget();
    }

    private void comeBack() {
        restarts.journal().become(new JournalHealth.Writable());
    }

    private RunState state(RunId run) {
        return restarts.disk.run(Premises.id("ada"), run).orElseThrow().state();
    }

    @Test
    void runsStopWithoutAWordAndGoOnWhenTheJournalIsBack() {
        RunId run = startAndWait("resumable");
        int events = restarts.log("ada").size();
        goDown();
        assertEquals(events, restarts.log("ada").size());
        assertEquals(RunState.RUNNING, state(run));
        opened.set(true);
        comeBack();

        Await.until("the run has ended", () -> state(run) == RunState.COMPLETED);
        assertEquals(List.of("", "one ", "two"), restarts.user("ada").texts("t"));
    }

    @Test
    void runsThatCannotBeResumedEndAsInterruptedWhenTheJournalIsBack() {
        RunId run = startAndWait("forgets");
        goDown();
        comeBack();
        Await.until("the run has ended", () -> state(run) == RunState.FAILED);
        restarts.user("ada").expectCode(run, "interrupted");
    }

    @Test
    void whoFollowsIsToldAndNewWorkIsRefused() throws RefusedException {
        RunId run = startAndWait("forgets");
        TestUser ada = restarts.user("ada");
        EventSubscription subscription = ada.engine().subscribe(new SubscribeFrom.Now(), () -> {});
        TestUser bob = restarts.user("bob");
        goDown();
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.value(ada.lease().ended()));
        assertTrue(subscription.poll(100, 1 << 20).events().isEmpty());
        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                Await.refusal(ada.submit("t", "forgets", "", WhenBusy.ENQUEUE)).code());
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                Await.refusal(bob.submit("t", "forgets", "", WhenBusy.ENQUEUE)).code());
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                assertThrows(RefusedException.class, () -> restarts.directory().open(ada.id())).code());
        comeBack();
        Await.until("the run has ended", () -> state(run) == RunState.FAILED);
        opened.set(true);
        bob.expect(bob.run("t", "forgets", ""), RunState.COMPLETED);
    }

    @Test
    void aRunWhoseEndCouldNotBeWrittenEndsWhenTheJournalIsBack() {
        RunId run = startAndWait("resumable");
        opened.set(true);
        // It notices by itself, before it is told.
        restarts.journal().refuseAppends(true);
        TestUser ada = restarts.user("ada");
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(ada.engine().cancel(run)).code());
        assertEquals(RunState.RUNNING, state(run));
        restarts.awaitThreadsGone();
        restarts.forget();
        restarts.journal().refuseAppends(false);
        comeBack();
        Await.until("the run has ended", () -> state(run) == RunState.COMPLETED);
    }

    @Test
    void aQuestionCanBeAnsweredWhenTheJournalIsBack() {
        TestUser ada = restarts.user("ada");
        RunId run = ada.start("t", "asks", "");
        String question = ada.awaitQuestion(run).id();
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        restarts.flush("ada");
        goDown();
        comeBack();
        Await.until("the user is back", () -> restarts.directory().liveRooms() == 1);
        TestUser again = restarts.user("ada");
        Await.value(again.answer(run, question, new Content.Approval(true)));
        again.expect(run, RunState.COMPLETED);
        assertEquals(List.of("", "true"), again.texts("t"));
    }

    @Test
    void downAndUpInOneMomentIsBoth() {
        RunId run = startAndWait("resumable");
        opened.set(true);
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.SYNC_FAILED));
        comeBack();
        restarts.forget();
        Await.until("the run has ended", () -> state(run) == RunState.COMPLETED);
    }

    @Test
    void theNextRoomStartsBehindWhatTheOneBeforeHadOnItsWay() throws EventJournal.JournalException {
        TestUser ada = restarts.user("ada");
        RunId run = startAndWait("resumable");
        opened.set(true);
        CountDownLatch held = new CountDownLatch(1);
        restarts.holdWriter(held);
        CompletionStage<Receipt> accepted = ada.submit("other", "forgets", "", WhenBusy.ENQUEUE);

        Thread opening = Thread.ofVirtual().unstarted(() -> restarts.user("ada"));
        CountDownLatch isBack = new CountDownLatch(1);
        CountDownLatch sentAway = new CountDownLatch(1);
        ada.lease().ended().thenRun(() -> {
            // Nobody can be back earlier than whoever is told here; and as long as it is down nobody is let in.
            Await.open(isBack);
            restarts.forget();
            opening.start();
            Await.until("it waits", () -> opening.getState() == Thread.State.WAITING || !opening.isAlive());
            sentAway.countDown();
        });
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.SYNC_FAILED));
        comeBack();
        isBack.countDown();
        Await.open(sentAway);
        held.countDown();

        RunId other = Await.value(accepted).run();
        Await.until("it is open", () -> !opening.isAlive());
        Await.until("the run has ended", () -> state(run) == RunState.COMPLETED);
        Await.until("the other has ended", () -> state(other) == RunState.COMPLETED);
    }

    @Test
    void whoWaitsForAnAnswerWithoutRunsIsSentAwayToo() throws EventJournal.JournalException {
        TestUser ada = restarts.user("ada");
        opened.set(true);
        ada.expect(ada.run("t", "forgets", ""), RunState.COMPLETED);
        restarts.flush("ada");
        CountDownLatch held = new CountDownLatch(1);
        restarts.holdWriter(held);
        CompletionStage<ThreadSummary> renamed = ada.engine().rename(new ThreadId("t"), "name");
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.SYNC_FAILED));
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.value(ada.lease().ended()));
        held.countDown();
        assertEquals("name", Await.value(renamed).title());
        restarts.forget();
        comeBack();
        assertEquals(ErrorCode.ENGINE_CLOSED,
                Await.refusal(ada.engine().rename(new ThreadId("t"), "late")).code());
    }

    @Test
    void anUploadDoesNotWaitForAJournalThatIsDown() throws Exception {
        TestUser ada = restarts.user("ada");
        CountDownLatch held = new CountDownLatch(1);
        restarts.holdWriter(held);
        AtomicReference<ErrorCode> refused = new AtomicReference<>();
        Thread uploading = Thread.ofVirtual().start(() -> {
            try {
                ada.engine().attach("a.txt", "text/plain", new ByteArrayInputStream(new byte[10]));
            } catch (RefusedException why) {
                refused.set(why.code());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Await.until("it waits for the journal", () -> uploading.getState() == Thread.State.WAITING);
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.SYNC_FAILED));
        Await.until("it is refused", () -> refused.get() == ErrorCode.JOURNAL_UNAVAILABLE);
        held.countDown();
        restarts.flush("ada");
        // It turns out that it was written: then its file is there.
        Attachment kept = restarts.disk.attachments(ada.id()).getFirst();
        try (InputStream content = restarts.attachments().open(ada.id(), kept.id())) {
            assertEquals(10, content.readAllBytes().length);
        }
        comeBack();
    }
}
