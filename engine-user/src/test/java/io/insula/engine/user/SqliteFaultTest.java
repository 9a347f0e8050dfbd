package io.insula.engine.user;

import static io.insula.engine.user.EventJournalContract.ADA;
import static io.insula.engine.user.EventJournalContract.BOB;
import static io.insula.engine.user.EventJournalContract.THREAD;
import static io.insula.engine.user.EventJournalContract.all;
import static io.insula.engine.user.EventJournalContract.events;
import static io.insula.engine.user.EventJournalContract.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the journal does when its storage fails, in SQLite itself and not in a fake of it. */
final class SqliteFaultTest {
    @RegisterExtension
    final SqliteFolder folder = new SqliteFolder();

    private static JournalAppend large() {
        return new JournalAppend().event(THREAD, new RunId("r"), "x".repeat(50_000));
    }

    private static void awaitHealth(SqliteJournal journal, JournalHealth health) {
        Await.until("the journal is " + health, () -> journal.health().equals(health));
    }

    @Test
    void aFullDiskTakesTheJournalDownAndSpaceBringsItBack() {
        SqliteJournal journal = folder.open(EngineLimits.defaults(), "pragma max_page_count = 1000");
        ConcurrentLinkedQueue<JournalHealth> told = new ConcurrentLinkedQueue<>();
        journal.watchHealth(() -> told.add(journal.health()));
        Await.value(journal.append(BOB, events("r", 1)));
        long last = 0;
        boolean full = false;
        while (!full) {
            var stage = journal.append(ADA, large()).toCompletableFuture();
            full = stage.handle((place, failure) -> failure != null).join();
            last = full ? last : stage.join().last();
        }
        JournalHealth down = new JournalHealth.Down(JournalTrouble.DISK_FULL);
        assertEquals(down, journal.health());
        assertFalse(journal.hasRoom());
        JournalRecordsContract.expectRefused(journal.append(BOB, events("r", 1)));
        assertEquals(EventJournalContract.from(1, last), sequences(all(journal, ADA)));
        folder.alarms.advance(Duration.ofMinutes(1));
        JournalRecordsContract.expectRefused(journal.append(BOB, events("r", 1)));

        folder.change("delete from events where last < " + last);
        Await.until("it can be written", () -> {
            folder.alarms.advance(Duration.ofSeconds(5));
            return journal.health().equals(new JournalHealth.Writable());
        });
        assertEquals(2, Await.value(journal.append(BOB, events("r", 1))).last());
        assertEquals(last + 1, Await.value(journal.append(ADA, events("r", 1))).last());
        assertEquals(List.of(down, new JournalHealth.Writable()), List.copyOf(told));
    }

    @Test
    void whoFollowsReadsNothingOfABatchThatFailed() {
        SqliteJournal journal = folder.open(EngineLimits.defaults(), "pragma max_page_count = 1000");
        UserId eve = Premises.id("eve");
        EventJournalContract.open(journal, eve);
        var following = journal.follow(BOB, () -> {});
        Await.value(journal.append(BOB, events("r", 1)));
        JournalAppend tooLarge = new JournalAppend();
        for (int i = 0; i < 200; i++) {
            tooLarge.event(THREAD, new RunId("r"), incompressible(i));
        }
        folder.time.hold();
        var before = journal.append(eve, events("r", 1));
        folder.time.awaitHeld();
        var withIt = journal.append(BOB, events("r", 1));
        var failing = journal.append(ADA, tooLarge);
        folder.time.goOn();
        Await.value(before);
        JournalRecordsContract.expectRefused(failing);
        JournalRecordsContract.expectRefused(withIt);

        Await.until("it can be written", () -> {
            folder.alarms.advance(Duration.ofSeconds(5));
            return journal.health().equals(new JournalHealth.Writable());
        });
        assertEquals(1, Await.value(journal.append(ADA, events("r", 1))).last());
        assertEquals(EventJournalContract.from(1, 1), sequences(all(journal, BOB)));
        following.end();
    }

    private static String incompressible(int seed) {
        byte[] bytes = new byte[20_000];
        new Random(seed).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aFileThatMayNotBeWrittenIsReadAllTheSame() {
        SqliteJournal first = folder.open();
        Await.value(first.append(ADA, events("r", 3)));
        first.close();
        SqliteJournal journal = folder.open(EngineLimits.defaults(), "pragma query_only = on");
        JournalRecordsContract.expectRefused(journal.append(ADA, events("r", 1)));
        awaitHealth(journal, new JournalHealth.Down(JournalTrouble.READ_ONLY));
        folder.alarms.advance(Duration.ofMinutes(1));
        assertEquals(new JournalHealth.Down(JournalTrouble.READ_ONLY), journal.health());
        assertEquals(EventJournalContract.from(1, 3), sequences(all(journal, ADA)));
    }

    private void damage() {
        try (RandomAccessFile file = new RandomAccessFile(folder.file().toFile(), "rw")) {
            byte[] garbage = new byte[Math.toIntExact(file.length()) - 8192];
            new Random(1).nextBytes(garbage);
            file.seek(8192);
            file.write(garbage);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void write() {
        SqliteJournal first = folder.open();
        for (int i = 0; i < 20; i++) {
            Await.value(first.append(ADA, large()));
        }
        first.close();
    }

    @Test
    void aDamagedFileIsNotOpened() {
        write();
        damage();
        var trouble = assertThrows(JournalTroubleException.class, () -> folder.make(
                new JournalSchema(), EngineLimits.defaults()));
        assertEquals(JournalTrouble.CORRUPTED, trouble.trouble());
        assertTrue(trouble.words().contains(folder.file().toString()), trouble.words());
    }

    @Test
    void aFileThatIsNoJournalIsNotOpened() throws IOException {
        Files.writeString(folder.file(), "no journal at all, but long enough to be one".repeat(100));
        var trouble = assertThrows(JournalTroubleException.class, () -> folder.make(
                new JournalSchema(), EngineLimits.defaults()));
        assertEquals(JournalTrouble.CORRUPTED, trouble.trouble());
    }

    @Test
    void damageThatAReaderFindsTakesTheJournalDown() {
        write();
        SqliteJournal journal = folder.open();
        damage();
        assertThrows(UncheckedIOException.class, () -> all(journal, ADA));
        awaitHealth(journal, new JournalHealth.Down(JournalTrouble.CORRUPTED));
        JournalRecordsContract.expectRefused(journal.append(ADA, events("r", 1)));
        folder.alarms.advance(Duration.ofMinutes(1));
        assertEquals(new JournalHealth.Down(JournalTrouble.CORRUPTED), journal.health());
    }
}
