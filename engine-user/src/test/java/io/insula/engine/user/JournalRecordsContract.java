package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentInput;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import io.insula.engine.user.EventJournal.JournalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What every journal keeps of unfinished runs, threads and users, and that it forgets them whole. */
abstract class JournalRecordsContract extends JournalKeepingContract {
    private static final UserId EVE = Premises.id("eve");
    private static final ThreadId FORK = new ThreadId("fork");
    private static final RunId RUN = new RunId("r");
    private static final Attachment FILE = new Attachment(new AttachmentId("f"), "list.csv", "text/csv", 12);

    static RunCarry carry(String input, int attempt) {
        return new RunCarry(
                new AgentInput(input, List.of(FILE)),
                attempt,
                Optional.of(new PluginVersion("plugin", "1.2.3")),
                Duration.ofNanos(1_234_567_891));
    }

    static void expectRefused(CompletionStage<?> stage) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> stage.toCompletableFuture().get());
        assertInstanceOf(JournalException.class, failure.getCause());
    }

    /** Something of every kind. */
    static JournalAppend everything() {
        return events("r", 3)
                .change(new RecordChange.ThreadUsed(THREAD, "title", "agent", JournalTime.BEGINNING))
                .change(run("r", 1, RunState.RUNNING, Optional.empty()))
                .change(new RecordChange.RunCarried(RUN, carry("hello", 1)))
                .change(new RecordChange.Scripted(RUN, new ScriptEntry("", "tool", "{}")))
                .change(new RecordChange.MessageSaved(message("r", 1, 0, "hello")))
                .change(request(new UUID(1, 2), "r"))
                .change(new RecordChange.AttachmentSaved(FILE))
                .change(new RecordChange.TextKept(new RecordChange.StoreKey("plugin", "name"), "text"));
    }

    @Test
    void aUserThatWasNeverOpenedIsReadAsEmptyAndNothingIsMadeOfIt() throws RefusedException {
        EventJournal journal = journal();
        assertEquals(new EventJournal.LogBounds("", 1, 0), journal.bounds(EVE));
        assertEquals(List.of(), all(journal, EVE));
        assertEquals(List.of(), journal.threads(EVE, PageRequest.first()).items());
        assertEquals(0, journal.snapshot(EVE, 10).position().sequence());
        expectRefused(journal.append(EVE, events("r", 1)));
        assertEquals(new EventJournal.LogBounds("", 1, 0), journal.bounds(EVE));
    }

    @Test
    void aReceiptPointsToTheEventThatTellsOfIt() {
        EventJournal journal = journal();
        UUID id = new UUID(3, 4);
        RunRequest body = new RunRequest(
                id, Optional.of(THREAD), Optional.empty(), Optional.empty(), "", List.of(), WhenBusy.ENQUEUE);
        Await.value(journal.append(ADA, events("before", 2)));
        Await.value(journal.append(ADA, events("r", 3).change(
                new RecordChange.RequestAccepted(id, body, RUN, THREAD, 2))));
        assertEquals(3, journal.request(ADA, id).orElseThrow().receipt().position().sequence());
    }

    @Test
    void aLogThatIsOpenedAgainIsTheSame() {
        EventJournal journal = journal();
        String epoch = Await.value(journal.append(ADA, events("r", 2))).epoch();
        open(journal, ADA);
        assertEquals(new EventJournal.LogBounds(epoch, 1, 2), journal.bounds(ADA));
        assertFalse(epoch.isEmpty());
    }

    @Test
    void whatAnUnfinishedRunNeedsIsKeptUntilItEnds() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, everything()));
        Await.value(journal.append(
                ADA,
                new JournalAppend()
                        .change(new RecordChange.RunCarried(RUN, carry("hello", 2)))
                        .change(new RecordChange.Scripted(RUN, new ScriptEntry("0.1", "text", "é\u0000\"")))
                        .change(run("q", 2, RunState.QUEUED, Optional.empty()))));

        assertEquals(List.of(ADA), journal.unfinishedUsers());
        List<UnfinishedRun> open = journal.unfinishedRuns(ADA);
        assertEquals(
                List.of("r", "q"), open.stream().map(run -> run.record().id().value()).toList());
        assertEquals(carry("hello", 2), open.getFirst().carry());
        assertEquals(RunCarry.nothing(), open.getLast().carry());
        assertEquals(
                List.of(new ScriptEntry("", "tool", "{}"), new ScriptEntry("0.1", "text", "é\u0000\"")),
                journal.script(ADA, RUN));
        assertEquals(List.of(), journal.script(BOB, RUN));
        assertEquals(List.of(), journal.unfinishedRuns(BOB));

        Await.value(journal.append(
                ADA,
                new JournalAppend()
                        .change(run("r", 1, RunState.COMPLETED, Optional.of(JournalTime.BEGINNING)))
                        .change(new RecordChange.RunCarried(RUN, carry("late", 3)))
                        .change(new RecordChange.Scripted(RUN, new ScriptEntry("", "late", "")))
                        .change(run("q", 2, RunState.CANCELLED, Optional.of(JournalTime.BEGINNING)))));
        assertEquals(List.of(), journal.unfinishedUsers());
        assertEquals(List.of(), journal.unfinishedRuns(ADA));
        assertEquals(List.of(), journal.script(ADA, RUN));
    }

    @Test
    void theLastMessageOfARunIsFoundInItsThreadOnly() {
        EventJournal journal = journal();
        Await.value(journal.append(
                ADA,
                new JournalAppend()
                        .change(new RecordChange.MessageSaved(message("a", 1, 0, "one")))
                        .change(new RecordChange.MessageSaved(message("a", 1, 7, "two")))
                        .change(new RecordChange.MessageSaved(message("b", 3, 1, "three")))));
        assertEquals(7, journal.lastMessageIndex(ADA, THREAD, 1));
        assertEquals(-1, journal.lastMessageIndex(ADA, THREAD, 2));
        assertEquals(1, journal.lastMessageIndex(ADA, THREAD, 3));
        assertEquals(-1, journal.lastMessageIndex(ADA, FORK, 1));
        assertEquals(-1, journal.lastMessageIndex(BOB, THREAD, 1));
        assertEquals("two", journal.message(ADA, THREAD, "a7").orElseThrow().text());
        assertEquals(Optional.empty(), journal.message(ADA, THREAD, "a1"));
        assertEquals(Optional.empty(), journal.message(ADA, FORK, "a7"));
        assertEquals(Optional.empty(), journal.message(BOB, THREAD, "a7"));
    }

    private static RecordChange fork(ThreadId source, MessageRecord.Key upTo) {
        return new RecordChange.ThreadForked(source, upTo, FORK, "copy", "agent", JournalTime.BEGINNING);
    }

    @Test
    void aForkBeginsWithCopiesUpToTheMessageAndGoesItsOwnWay() throws RefusedException {
        EventJournal journal = journal();
        Await.value(journal.append(
                ADA,
                everything()
                        .change(new RecordChange.MessageSaved(message("r", 1, 1, "answer")))
                        .change(new RecordChange.MessageSaved(message("s", 2, 0, "later")))
                        .change(fork(THREAD, new MessageRecord.Key(1, 1)))));
        List<ThreadMessage> copies = journal.messages(ADA, FORK, PageRequest.first()).items();
        assertEquals(
                List.of("hello", "answer"), copies.stream().map(ThreadMessage::text).toList());
        assertTrue(copies.stream().noneMatch(copy -> journal.message(ADA, THREAD, copy.id()).isPresent()));
        assertEquals("copy", journal.thread(ADA, FORK).orElseThrow().title());
        assertEquals(
                List.of(FORK, THREAD),
                journal.threads(ADA, PageRequest.first()).items().stream()
                        .map(ThreadSummary::thread)
                        .toList());

        Await.value(journal.append(ADA, new JournalAppend().change(new RecordChange.ThreadDeleted(THREAD))));
        assertEquals(2, journal.messages(ADA, FORK, PageRequest.first()).items().size());
        assertEquals(1, journal.snapshot(ADA, 1_000).threads().size());
    }

    @Test
    void aForkOfNothingAndAForkOverAThreadAreNotMade() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, new JournalAppend().change(fork(THREAD, new MessageRecord.Key(1, 1)))));
        assertEquals(Optional.empty(), journal.thread(ADA, FORK));

        Await.value(journal.append(
                ADA,
                everything().change(new RecordChange.ThreadUsed(FORK, "mine", "agent", JournalTime.BEGINNING))));
        Await.value(journal.append(ADA, new JournalAppend().change(fork(THREAD, new MessageRecord.Key(9, 9)))));
        assertEquals("mine", journal.thread(ADA, FORK).orElseThrow().title());
        assertEquals(-1, journal.lastMessageIndex(ADA, FORK, 1));
    }

    @Test
    void anAttachmentThatIsSavedTwiceIsThereOnce() {
        EventJournal journal = journal();
        JournalAppend saved = new JournalAppend().change(new RecordChange.AttachmentSaved(FILE));
        Await.value(journal.append(ADA, saved));
        Await.value(journal.append(
                ADA,
                new JournalAppend()
                        .change(new RecordChange.AttachmentSaved(FILE))
                        .change(new RecordChange.AttachmentSaved(FILE))));
        assertEquals(List.of(FILE), journal.attachments(ADA));
        assertEquals(1, journal.attachmentsCount(ADA));
        assertEquals(12, journal.attachmentsBytes(ADA));
    }

    @Test
    void attachmentsAreCountedPerUser() {
        EventJournal journal = journal();
        assertEquals(0, journal.attachmentsCount(ADA));
        Await.value(journal.append(ADA, everything()));
        assertEquals(1, journal.attachmentsCount(ADA));
        assertEquals(12, journal.attachmentsBytes(ADA));
        assertEquals(List.of(FILE), journal.attachments(ADA));
        assertEquals(List.of(ADA), journal.attachmentOwners());
        assertEquals(0, journal.attachmentsCount(BOB));
        assertEquals(Optional.empty(), journal.attachment(BOB, FILE.id()));
    }

    @Test
    void aVisitShowsEverythingOfTheUserAndNothingOfOthers() throws IOException {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, everything()));
        Await.value(journal.append(BOB, events("b", 1)));
        Visited visited = new Visited();
        assertEquals(journal.bounds(ADA), journal.visit(ADA, visited));

        assertEquals(
                List.of(
                        journal.thread(ADA, THREAD).orElseThrow().toString(),
                        message("r", 1, 0, "hello").toString(),
                        journal.run(ADA, RUN).orElseThrow().toString(),
                        journal.request(ADA, new UUID(1, 2)).orElseThrow().toString(),
                        FILE.toString(),
                        "StoreKey[plugin=plugin, name=name]=text",
                        "UserEvent[sequence=1, thread=t, run=r, json={\"i\":0}]",
                        "UserEvent[sequence=2, thread=t, run=r, json={\"i\":1}]",
                        "UserEvent[sequence=3, thread=t, run=r, json={\"i\":2}]"),
                visited.seen);
    }

    @Test
    void aVisitEndsWithWhatItsVisitorThrows() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, everything()));
        IOException thrown = assertThrows(IOException.class, () -> journal.visit(ADA, new Visited() {
            @Override
            public void run(RunRecord run) throws IOException {
                throw new IOException("the visitor's own");
            }
        }));
        assertEquals("the visitor's own", thrown.getMessage());
        assertEquals(3, all(journal, ADA).size());
    }

    @Test
    void anErasedUserIsGoneAndOthersAreUntouched() throws IOException, RefusedException {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, everything()));
        Await.value(journal.append(BOB, everything()));
        var last = journal.append(ADA, events("r", 1));
        String epoch = Await.value(last).epoch();
        Await.value(journal.erase(ADA));

        assertEquals(new EventJournal.LogBounds("", 1, 0), journal.bounds(ADA));
        Visited visited = new Visited();
        journal.visit(ADA, visited);
        assertEquals(List.of(), visited.seen);
        assertEquals(List.of(), journal.script(ADA, RUN));
        assertEquals(0, journal.lastRunOrdinal(ADA));
        assertEquals(0, journal.attachmentsBytes(ADA));
        assertEquals(0, journal.textBytes(ADA));
        assertEquals(List.of(BOB), journal.unfinishedUsers());
        expectRefused(journal.append(ADA, events("r", 1)));

        assertEquals(3, all(journal, BOB).size());
        assertEquals(1, journal.threads(BOB, PageRequest.first()).items().size());

        open(journal, ADA);
        assertNotEquals(epoch, journal.bounds(ADA).epoch());
        assertEquals(1, Await.value(journal.append(ADA, events("r", 1))).last());
    }

    @Test
    void whatIsBehindALostAppendOfTheSameChainIsLostToo() {
        EventJournal journal = journal();
        AppendChain chain = new AppendChain();
        time.hold();
        var lost = journal.append(ADA, events("r", 1).in(chain));
        time.awaitHeld();
        var behind = journal.append(ADA, events("r", 1).in(chain));
        var again = journal.append(ADA, events("r", 1).in(new AppendChain()));
        var other = journal.append(ADA, events("other", 1));
        time.failNextWrite();
        time.goOn();
        expectRefused(lost);
        expectRefused(behind);
        assertEquals(1, Await.value(again).last());
        assertEquals(2, Await.value(other).last());
        expectRefused(journal.append(ADA, events("r", 1).in(chain)));
    }

    @Test
    void anEraseComesBehindTheAppendsBeforeItAndBeforeThoseAfter() {
        EventJournal journal = journal();
        time.hold();
        var before = journal.append(ADA, events("r", 1));
        var erased = journal.erase(ADA);
        var after = journal.append(ADA, events("r", 1));
        time.goOn();
        assertEquals(1, Await.value(before).last());
        Await.value(erased);
        expectRefused(after);
        assertEquals(List.of(), all(journal, ADA));
    }

    @Test
    void aJournalThatWorksIsWritable() {
        EventJournal journal = journal();
        journal.watchHealth(() -> {}).end();
        assertEquals(new JournalHealth.Writable(), journal.health());
        assertTrue(journal.hasRoom());
        assertFalse(journal.isFull());
    }

    /** Notes what it is shown. */
    static class Visited implements JournalVisitor {
        final List<String> seen = new ArrayList<>();

        @Override
        public void thread(ThreadRecord thread) {
            seen.add(thread.toString());
        }

        @Override
        public void message(MessageRecord message) {
            seen.add(message.toString());
        }

        @Override
        public void run(RunRecord run) throws IOException {
            seen.add(run.toString());
        }

        @Override
        public void request(RequestRecord request) {
            seen.add(request.toString());
        }

        @Override
        public void attachment(Attachment attachment) {
            seen.add(attachment.toString());
        }

        @Override
        public void text(RecordChange.StoreKey key, String text) {
            seen.add(key + "=" + text);
        }

        @Override
        public void event(UserEvent event) {
            seen.add(event.toString());
        }
    }
}
