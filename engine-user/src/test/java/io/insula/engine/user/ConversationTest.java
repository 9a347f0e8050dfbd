package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Threads, messages and runs as the user and later runs read them. */
final class ConversationTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final Semaphore mayAnswer = new Semaphore(0);
    private final ConcurrentLinkedQueue<List<String>> conversations = new ConcurrentLinkedQueue<>();

    ConversationTest() {
        premises.catalog
                .add("echo", context -> {
                    context.say("re: " + context.input().text());
                    return AgentResult.done();
                })
                .add("gated", context -> {
                    mayAnswer.acquire();
                    conversations.add(context.conversation(100).stream()
                            .map(ConversationMessage::text)
                            .toList());
                    context.say("re: " + context.input().text());
                    return AgentResult.done();
                });
    }

    /** Reads a page. */
    @FunctionalInterface
    private interface Source<T> {
        Page<T> read(PageRequest page) throws RefusedException;
    }

    private static <T> List<T> all(Source<T> source, int size) throws RefusedException {
        List<T> items = new ArrayList<>();
        Page<T> page = source.read(new PageRequest(Optional.empty(), size));
        items.addAll(page.items());
        while (page.next().isPresent()) {
            assertEquals(size, page.items().size());
            page = source.read(new PageRequest(page.next(), size));
            assertFalse(page.items().isEmpty());
            items.addAll(page.items());
        }
        return items;
    }

    @Test
    void anInputThatWaitedStandsBehindTheAnswerItWaitedFor() {
        // Many times, because what is asked for is also that the answer has reached the journal by then.
        for (int i = 0; i < 50; i++) {
            RunId first = ada.start("t" + i, "gated", "a");
            RunId second = ada.start("t" + i, "gated", "b");
            mayAnswer.release(2);
            ada.expect(first, RunState.COMPLETED);
            ada.expect(second, RunState.COMPLETED);

            assertEquals(List.of("a", "re: a", "b", "re: b"), ada.texts("t" + i));
            assertEquals(List.of(List.of(), List.of("a", "re: a")), List.copyOf(conversations));
            conversations.clear();
        }
    }

    @Test
    void messagesThatWereTakenBackAreHiddenFromLaterRuns() {
        ada.run("t", "echo", "kept");
        RunId stopped = ada.start("t", "gated", "taken back");
        ada.awaitState(stopped, RunState.RUNNING);
        mayAnswer.drainPermits();
        RunId next = Await.value(ada.submit("t", "gated", "now", WhenBusy.ROLLBACK)).run();
        ada.awaitState(next, RunState.RUNNING);
        mayAnswer.release();
        ada.expect(next, RunState.COMPLETED);

        assertEquals(List.of(List.of("kept", "re: kept")), List.copyOf(conversations));
        assertTrue(premises.log(ada.id()).stream().anyMatch(event -> event.json().contains("taken back")));
    }

    @Test
    void theReceiptOfWhatTakesOthersBackPointsToItsAcceptance() {
        RunId stopped = ada.start("t", "gated", "taken back");
        ada.awaitState(stopped, RunState.RUNNING);
        RunRequest request = TestUser.request("t", "gated", "now", WhenBusy.ROLLBACK);
        Receipt receipt = Await.value(ada.engine().submit(request));
        mayAnswer.release();
        ada.expect(receipt.run(), RunState.COMPLETED);

        UserEvent told = premises.log(ada.id()).get((int) receipt.position().sequence() - 1);
        assertEquals(receipt.run(), told.run());
        assertTrue(told.json().contains("insula.run.accepted"), told::json);
        assertEquals(receipt, Await.value(ada.engine().submit(request)));
    }

    @Test
    void pagesOfEachSizeHoldEverythingOnceAndInOrder() throws RefusedException {
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            runs.add(ada.run("t" + i, "echo", "" + i));
        }
        for (int i = 0; i < 7; i++) {
            ada.run("t3", "echo", "more " + i);
        }
        for (int size : List.of(1, 2, 5, 6, 19, 20, 200)) {
            List<ThreadSummary> threads = all(ada.engine()::threads, size);
            assertEquals(12, threads.size());
            assertEquals("t3", threads.getFirst().thread().value());
            assertEquals("t11", threads.get(1).thread().value());
            assertEquals("t0", threads.getLast().thread().value());

            List<RunView> views = all(ada.engine()::runs, size);
            assertEquals(19, views.size());
            assertEquals(runs.getFirst(), views.getLast().run());

            List<ThreadMessage> messages = all(page -> ada.engine().messages(new ThreadId("t3"), page), size);
            assertEquals(16, messages.size());
            assertEquals("3", messages.getFirst().text());
            assertEquals("re: more 6", messages.getLast().text());
        }
    }

    @Test
    void aPageThatNeverWasIsRefused() {
        ada.run("t", "echo", "a");
        for (String cursor : List.of("", "x", "-1", "1.x", ".", "99999999999999999999", "1.99999999999")) {
            PageRequest page = new PageRequest(Optional.of(cursor), 10);
            assertEquals(
                    ErrorCode.PAGE_UNKNOWN,
                    assertThrows(RefusedException.class, () -> ada.engine().messages(new ThreadId("t"), page)).code(),
                    cursor);
            assertEquals(
                    ErrorCode.PAGE_UNKNOWN,
                    assertThrows(RefusedException.class, () -> ada.engine().runs(page)).code(),
                    cursor);
        }
    }

    @Test
    void aThreadIsTitledByItsFirstInputUntilItIsRenamed() throws RefusedException {
        ada.run("t", "echo", "  first line \n second line");
        assertEquals("first line", ada.engine().threads(PageRequest.first()).items().getFirst().title());
        assertEquals("mine", Await.value(ada.engine().rename(new ThreadId("t"), "mine")).title());
        ada.run("t", "echo", "another");
        assertEquals("mine", ada.engine().threads(PageRequest.first()).items().getFirst().title());

        assertEquals(200, Await.value(ada.engine().rename(new ThreadId("t"), "x".repeat(200)))
                .title().length());
        for (String title : List.of("", " ", "x".repeat(201))) {
            assertEquals(
                    ErrorCode.FIELD_INVALID,
                    Await.refusal(ada.engine().rename(new ThreadId("t"), title)).code());
        }
    }

    @Test
    void aThreadIsDeletedWithItsMessagesOnceNothingRunsInIt() throws RefusedException {
        ThreadId thread = new ThreadId("t");
        RunId run = ada.start("t", "gated", "a");
        assertEquals(
                ErrorCode.THREAD_BUSY, Await.refusal(ada.engine().delete(thread)).code());
        mayAnswer.release();
        ada.expect(run, RunState.COMPLETED);
        assertEquals(thread, Await.value(ada.engine().delete(thread)));

        assertEquals(List.of(), ada.engine().threads(PageRequest.first()).items());
        assertEquals(
                ErrorCode.THREAD_UNKNOWN, Await.refusal(ada.engine().delete(thread)).code());
        ada.run("t", "echo", "anew");
        assertEquals(List.of("anew", "re: anew"), ada.texts("t"));
    }

    @Test
    void aSnapshotAndTheEventsBehindItsPositionGiveTheWhole() throws RefusedException {
        ada.run("t", "echo", "a");
        RunId open = ada.start("u", "gated", "b");
        ada.awaitState(open, RunState.RUNNING);
        var snapshot = ada.engine().snapshot();

        assertEquals(List.of("u", "t"), snapshot.threads().stream().map(thread -> thread.thread().value()).toList());
        assertEquals(List.of(true, false), snapshot.threads().stream().map(ThreadSummary::busy).toList());
        assertEquals(List.of(open), snapshot.runs().stream().map(RunView::run).toList());
        assertEquals(premises.log(ada.id()).size(), snapshot.position().sequence());
        mayAnswer.release();
        ada.expect(open, RunState.COMPLETED);
    }

    @Test
    void textsThatAreNoUnicodeAreKeptReadable() {
        ada.run("t", "echo", "broken \ud800 pair");
        assertEquals(List.of("broken \ufffd pair", "re: broken \ufffd pair"), ada.texts("t"));
    }
}
