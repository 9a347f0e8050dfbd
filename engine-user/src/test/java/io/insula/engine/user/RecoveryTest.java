package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of runs that had not ended when the process did. */
final class RecoveryTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final AtomicBoolean opened = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

    RecoveryTest() {
        restarts.catalog
                .add("gated", context -> {
                    begun.add(context.input().text());
                    context.say("at work");
                    gate();
                    return AgentResult.done();
                })
                .addResumable("resumable", context -> {
                    begun.add(context.input().text());
                    context.say("at work");
                    gate();
                    return AgentResult.done();
                })
                .add("asks", context -> {
                    context.ask(new Question.Approval("Go on?"));
                    return AgentResult.done();
                });
    }

    /** Waits, as long as it is not opened, until the thread is stopped. */
    private void gate() throws InterruptedException {
        if (!opened.get()) {
            new CountDownLatch(1).await();
        }
    }

    private void awaitMessages(int count) {
        Await.until("all have said something", () -> restarts.user("ada").messages("t").stream()
                .filter(message -> message.text().equals("at work"))
                .count() == count);
    }

    @Test
    void runsThatHadNotBegunBeginInTheOrderInWhichTheyWereAccepted() {
        TestUser ada = restarts.user("ada");
        RunId first = ada.start("t", "gated", "first");
        RunId second = ada.start("t", "gated", "second");
        RunId third = ada.start("t", "gated", "third");
        awaitMessages(1);
        opened.set(true);
        restarts.crashAndRestart();

        TestUser again = restarts.user("ada");
        again.expectCode(first, "interrupted");
        again.expect(second, RunState.COMPLETED);
        again.expect(third, RunState.COMPLETED);
        assertEquals(List.of("first", "second", "third"), List.copyOf(begun));
        assertEquals("second", again.texts("t").get(2));
    }

    @Test
    void runsGoOnWithoutAnybodyAskingForTheUser() {
        RunId run = restarts.user("ada").start("t", "resumable", "");
        awaitMessages(1);
        opened.set(true);
        restarts.crashAndRestart();

        Await.until("the run has ended", () -> restarts.disk.run(Premises.id("ada"), run).orElseThrow()
                .state() == RunState.COMPLETED);
        assertTrue(restarts.story("ada", run).contains("resumed"));
        assertEquals(restarts.user("ada").view(run).state(), RunState.COMPLETED);
    }

    @Test
    void ofARunThatEndsAsInterruptedEverythingIsClosed() {
        CountDownLatch deep = new CountDownLatch(2);
        restarts.catalog
                .add("part", context -> {
                    context.thought().write("a thought");
                    context.step("within", () -> {
                        context.message().write("a word");
                        restarts.flush("ada");
                        deep.countDown();
                        new CountDownLatch(1).await();
                    });
                    return AgentResult.done();
                })
                .add("opens", context -> {
                    context.message().write("begun");
                    context.step("outer", () -> context.delegateAll(List.of(Delegation.to("part"), Delegation.to(
                            "part"))));
                    return AgentResult.done();
                });
        RunId run = restarts.user("ada").start("t", "opens", "");
        Await.open(deep);
        restarts.crashAndRestart();

        restarts.user("ada").expectCode(run, "interrupted");
        assertEquals(
                List.of("a word", "a word", "begun"),
                restarts.user("ada").texts("t").stream().skip(1).sorted().toList());
        assertEquals(2, restarts.story("ada", run).stream().filter("sub-agent stopped"::equals).count());
    }

    @Test
    void aRunThatWaitsForAnAnswerAndCannotBeResumedEndsAndItsQuestionIsWithdrawn() {
        RunId run = restarts.user("ada").start("t", "asks", "");
        String question = restarts.user("ada").awaitQuestion(run).id();
        restarts.crashAndRestart();

        TestUser ada = restarts.user("ada");
        ada.expectCode(run, "interrupted");
        assertEquals(
                ErrorCode.QUESTION_UNKNOWN,
                Await.refusal(ada.answer(run, question, new Content.Approval(true))).code());
    }

    @Test
    void aCrashedProcessWritesNothingMore() {
        CountDownLatch stopped = new CountDownLatch(1);
        restarts.catalog.add("talks", context -> {
            try {
                while (true) {
                    context.say("still here");
                }
            } catch (RunStoppedException end) {
                stopped.countDown();
                throw end;
            }
        });
        RunId run = restarts.user("ada").start("t", "talks", "");
        Await.until("it talks", () -> restarts.user("ada").messages("t").size() > 3);
        restarts.crash();
        restarts.flush("ada");
        int events = restarts.log("ada").size();
        Await.open(stopped);
        restarts.flush("ada");
        assertEquals(events, restarts.log("ada").size());

        restarts.restart();
        restarts.user("ada").expectCode(run, "interrupted");
    }

    @Test
    void aRunWhosePluginIsNotLoadedEndsWithACode() {
        RunsWithoutPlugin runs = restartWithoutPlugin();

        TestUser ada = restarts.user("ada");
        Await.until("both have waited long enough", () -> {
            restarts.advance(Duration.ofSeconds(1));
            return ada.view(runs.queued()).state().isTerminal();
        });
        ada.expectCode(runs.begun(), "agent-unknown");
        ada.expectCode(runs.queued(), "agent-unknown");
    }

    @Test
    void aRunWaitsForAPluginThatIsLoadedLaterThanThePlatformStarts() {
        RunsWithoutPlugin runs = restartWithoutPlugin();
        restarts.advance(Duration.ofSeconds(30));
        restarts.catalog.addResumable("resumable", context -> {
            context.say("at work");
            return AgentResult.done();
        });

        TestUser ada = restarts.user("ada");
        Await.until("both are done", () -> {
            restarts.advance(Duration.ofMillis(500));
            return ada.view(runs.queued()).state().isTerminal();
        });
        assertEquals(RunState.COMPLETED, ada.awaitEnd(runs.begun()).state());
        assertEquals(RunState.COMPLETED, ada.awaitEnd(runs.queued()).state());
    }

    /** A run under way at a crash, and the one behind it in the same thread. */
    private record RunsWithoutPlugin(RunId begun, RunId queued) {}

    private RunsWithoutPlugin restartWithoutPlugin() {
        RunId begun = restarts.user("ada").start("t", "resumable", "");
        RunId queued = restarts.user("ada").start("t", "resumable", "");
        awaitMessages(1);
        restarts.crash();
        restarts.catalog.remove("resumable");
        restarts.restart();
        return new RunsWithoutPlugin(begun, queued);
    }

    private RunId resumeWith(String version, Set<String> compatibleWith) {
        RunId run = restarts.user("ada").start("t", "resumable", "");
        awaitMessages(1);
        restarts.crash();
        restarts.catalog.addResumable("resumable", version, compatibleWith, context -> {
            context.say("at work");
            return AgentResult.done();
        });
        restarts.restart();
        restarts.user("ada").awaitEnd(run);
        return run;
    }

    @Test
    void anotherVersionOfThePluginDoesNotResumeTheRun() {
        RunId run = resumeWith("1.1", Set.of("0.9"));
        restarts.user("ada").expectCode(run, "interrupted");
    }

    @Test
    void aVersionThatIsDeclaredCompatibleResumesTheRun() {
        RunId run = resumeWith("1.1", Set.of("0.9", "1.0"));
        restarts.user("ada").expect(run, RunState.COMPLETED);
    }

    @Test
    void anAgentThatIsNoLongerResumableDoesNotResumeTheRun() {
        RunId run = restarts.user("ada").start("t", "resumable", "");
        awaitMessages(1);
        restarts.crash();
        restarts.catalog.add("resumable", context -> AgentResult.done());
        restarts.restart();
        restarts.user("ada").expectCode(run, "interrupted");
    }

    @Test
    void aRunIsBegunAtMostSoManyTimes() {
        RunId run = restarts.user("ada").start("t", "resumable", "");
        for (int attempt = 1; attempt <= restarts.limits.run().attempts(); attempt++) {
            int times = attempt;
            Await.until("attempt " + attempt, () -> begun.size() == times);
            restarts.user("ada");
            awaitMessages(1);
            restarts.crashAndRestart();
        }
        restarts.user("ada").expectCode(run, "interrupted");
        assertEquals(restarts.limits.run().attempts(), begun.size());
        assertEquals(
                restarts.limits.run().attempts() - 1,
                restarts.story("ada", run).stream().filter("resumed"::equals).count());
    }

    @Test
    void timeThatWasUsedBeforeAnInterruptionCounts() {
        restarts.catalog.addResumable("slow", context -> {
            context.ask(new Question.Approval("Go on?"));
            begun.add(context.timeLeft().toString());
            gate();
            return AgentResult.done();
        });
        restarts.catalog.addResumable("works", context -> {
            begun.add("works");
            new CountDownLatch(1).await();
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "works", "");
        Await.until("it works", () -> begun.contains("works"));
        restarts.advance(Duration.ofMinutes(4));
        restarts.shutDown();
        restarts.restart();
        Await.until("it works again", () -> begun.size() == 2);
        restarts.advance(Duration.ofMinutes(5).plusSeconds(59));
        assertEquals(RunState.RUNNING, restarts.user("ada").view(run).state());
        restarts.advance(Duration.ofSeconds(1));
        restarts.user("ada").expect(run, RunState.TIMED_OUT);
    }

    @Test
    void whatCanGoOnWaitsForTheNextStartWhenThePlatformStops() {
        TestUser ada = restarts.user("ada");
        RunId resumable = ada.start("t", "resumable", "");
        RunId queued = ada.start("t", "gated", "queued");
        RunId gated = ada.start("u", "gated", "");
        awaitMessages(1);
        Await.until("it is at work", () -> !ada.messages("u").isEmpty() && begun.size() == 2);
        restarts.shutDown();
        opened.set(true);
        assertEquals(
                List.of(resumable, queued),
                restarts.disk.unfinishedRuns(ada.id()).stream().map(run -> run.record().id()).toList());

        restarts.restart();
        TestUser again = restarts.user("ada");
        again.expect(resumable, RunState.COMPLETED);
        again.expect(queued, RunState.COMPLETED);
        again.expectCode(gated, "interrupted");
    }

    @Test
    void anInputThatWasAcceptedIsAcceptedOnceAlsoByTheNextProcess() throws RefusedException {
        var request = TestUser.request("t", "resumable", "", WhenBusy.ENQUEUE);
        var receipt = Await.value(restarts.user("ada").engine().submit(request));
        awaitMessages(1);
        opened.set(true);
        restarts.crashAndRestart();

        assertEquals(receipt, Await.value(restarts.user("ada").engine().submit(request)));
        restarts.user("ada").expect(receipt.run(), RunState.COMPLETED);
        RunId next = restarts.user("ada").run("t", "resumable", "");
        restarts.user("ada").expect(next, RunState.COMPLETED);
        assertEquals(
                List.of(next, receipt.run()),
                restarts.disk.runs(Premises.id("ada"), PageRequest.first()).items().stream()
                        .map(RunView::run)
                        .toList());
    }
}
