package io.insula.engine.user;

import static io.insula.engine.user.EventJournalContract.ADA;
import static io.insula.engine.user.EventJournalContract.BOB;
import static io.insula.engine.user.EventJournalContract.all;
import static io.insula.engine.user.EventJournalContract.events;
import static io.insula.engine.user.EventJournalContract.message;
import static io.insula.engine.user.EventJournalContract.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.EventJournal.Appended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the journal's file is written: many at once, and what is forgotten is gone from the disk. */
final class SqliteBatchTest {
    private static final String SECRET = "ada-has-a-secret";
    private static final UserId EVE = Premises.id("eve");

    @RegisterExtension
    final SqliteFolder folder = new SqliteFolder();

    @Test
    void whatWaitsOfManyUsersIsWrittenInFewTransactionsAndFewRows() {
        SqliteJournal journal = folder.open();
        List<UserId> users =
                IntStream.range(0, 200).mapToObj(i -> Premises.id("u" + i)).toList();
        users.forEach(user -> EventJournalContract.open(journal, user));
        long before = batches(journal);
        folder.time.hold();
        Await.value(journal.append(ADA, new JournalAppend()).handle((place, failure) -> true).thenCombine(
                CompletableFuture.supplyAsync(() -> {
                    folder.time.awaitHeld();
                    folder.time.goOn();
                    return true;
                }),
                (first, second) -> first));
        folder.time.hold();
        var held = journal.append(BOB, new JournalAppend());
        folder.time.awaitHeld();
        List<CompletableFuture<Appended>> stages = new ArrayList<>();
        for (UserId user : users) {
            for (int i = 0; i < 4; i++) {
                stages.add(journal.append(user, events("r", 2)).toCompletableFuture());
            }
        }
        folder.time.goOn();
        Await.value(held);
        stages.forEach(Await::value);

        long batches = batches(journal) - before;
        assertTrue(batches <= 4, () -> "transactions: " + batches);
        assertEquals(EventJournalContract.from(1, 8), sequences(all(journal, users.getFirst())));
        journal.close();
        assertEquals(200, folder.number("select count(*) from events"));
    }

    private long batches(SqliteJournal journal) {
        Await.value(journal.append(ADA, new JournalAppend()));
        return folder.number("select batch from journal");
    }

    @Test
    void manyEventsOfOneAppendAreSpreadOverRowsOfBoundedSize() {
        SqliteJournal journal = folder.open();
        Await.value(journal.append(ADA, events("r", 1_025)));
        JournalAppend large = new JournalAppend();
        for (int i = 0; i < 8; i++) {
            large.event(EventJournalContract.THREAD, new RunId("r"), "x".repeat(100 << 10));
        }
        Await.value(journal.append(BOB, large));
        assertEquals(EventJournalContract.from(1, 1_025), sequences(all(journal, ADA)));
        assertEquals(EventJournalContract.from(512, 515), sequences(journal.read(ADA, 511, 4, 1 << 20)));
        assertEquals(EventJournalContract.from(2, 3), sequences(journal.read(BOB, 1, 2, 1 << 20)));
        journal.close();
        assertEquals(3 + 3, folder.number("select count(*) from events"));
        assertTrue(folder.number("select max(length(body)) from events") < 400 << 10);
    }

    @Test
    void nothingOfAnErasedUserIsInAnyFile() throws IOException {
        SqliteJournal journal = folder.open();
        EventJournalContract.open(journal, EVE);
        String subject = SECRET + "-name";
        UserId ada = Premises.id(subject);
        EventJournalContract.open(journal, ada);
        List<CompletableFuture<Appended>> stages = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            // Interleaved and rewritten, so that rows move between pages.
            stages.add(journal.append(EVE, secret("eve", i)).toCompletableFuture());
            stages.add(journal.append(ada, secret(SECRET, i)).toCompletableFuture());
            stages.add(journal.append(BOB, secret("bob", i)).toCompletableFuture());
        }
        stages.forEach(Await::value);
        assertTrue(!folder.filesWith(SECRET).isEmpty());
        Await.value(journal.erase(ada));

        assertEquals(List.of(), folder.filesWith(SECRET));
        assertEquals(150, all(journal, BOB).size());
        assertEquals(149, journal.lastMessageIndex(EVE, EventJournalContract.THREAD, 1));
    }

    private static JournalAppend secret(String secret, int number) {
        String run = secret + "-run-" + number % 7;
        return new JournalAppend()
                .event(
                        EventJournalContract.THREAD,
                        new RunId(run),
                        "{\"text\":\"" + secret.repeat(1 + number % 40) + "\"}")
                .change(new RecordChange.ThreadUsed(
                        EventJournalContract.THREAD, secret + " title", secret, JournalTime.BEGINNING))
                .change(new RecordChange.MessageSaved(message("r", 1, number, secret.repeat(number % 90))))
                .change(new RecordChange.TextKept(
                        new RecordChange.StoreKey("plugin", secret + number % 11), secret.repeat(number % 300)))
                .change(new RecordChange.Scripted(
                        new RunId(run), new ScriptEntry(secret, secret, secret.repeat(number % 50))))
                .change(EventJournalContract.request(new UUID(secret.hashCode(), number), run));
    }

    @Test
    void whatALongReadHoldsUpIsScrubbedWhenItHasEnded() throws IOException {
        SqliteJournal journal = folder.open();
        Await.value(journal.append(ADA, secret(SECRET, 50)));
        AtomicLong doneMeanwhile = new AtomicLong(-1);
        var erased = new ArrayList<CompletableFuture<Void>>();
        journal.visit(ADA, new JournalRecordsContract.Visited() {
            @Override
            public void run(RunRecord run) {
                throw new AssertionError("there is no run");
            }

            @Override
            public void event(UserEvent event) {
                erased.add(journal.erase(ADA).toCompletableFuture());
                Await.value(journal.append(BOB, events("r", 1)));
                doneMeanwhile.set(erased.getFirst().isDone() ? 1 : 0);
            }
        });
        assertEquals(0, doneMeanwhile.get());
        Await.until("the erase has ended", () -> {
            folder.alarms.advance(Duration.ofMillis(50));
            return erased.getFirst().isDone();
        });
        Await.value(erased.getFirst());
        assertEquals(List.of(), folder.filesWith(SECRET));
    }

    @Test
    void eventsOfUsersWhoWriteNothingAreForgottenByAge() {
        SqliteJournal journal = folder.open();
        Await.value(journal.append(ADA, events("r", 3)));
        folder.time.advance(EventJournalContract.age().plusNanos(1));
        folder.alarms.advance(Duration.ofMinutes(1));
        Await.until("they are forgotten", () -> journal.bounds(ADA).start() == 4);
        assertEquals(List.of(), all(journal, ADA));
        assertEquals(4, Await.value(journal.append(ADA, events("r", 1))).last());
    }

    @Test
    void whatIsKeptIsMeasuredAndTooMuchIsSaid() {
        EngineLimits defaults = EngineLimits.defaults();
        EngineLimits small = new EngineLimits(
                defaults.user(),
                defaults.run(),
                new EngineLimits.Platform(10, 10, 10, defaults.platform().waitingBytes(), 1 << 20,
                        defaults.platform().lastRead()));
        SqliteJournal journal = folder.open(small);
        assertTrue(journal.hasRoom() && !journal.isFull());
        for (int i = 0; i < 12; i++) {
            Await.value(journal.append(
                    ADA,
                    new JournalAppend()
                            .event(EventJournalContract.THREAD, new RunId("r"), "x".repeat(100_000))));
        }
        assertTrue(journal.isFull() && !journal.hasRoom());
        Await.value(journal.append(ADA, events("r", 1)));
        // Nothing is appended after it: what is full takes no new work that would.
        Await.value(journal.erase(ADA));
        assertTrue(journal.hasRoom());
    }
}
