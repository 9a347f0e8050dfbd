package io.insula.engine.user;

import static io.insula.engine.user.EventJournalContract.ADA;
import static io.insula.engine.user.EventJournalContract.BOB;
import static io.insula.engine.user.EventJournalContract.events;
import static io.insula.engine.user.EventJournalContract.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.engine.api.RunState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor finds in a data folder. */
final class JournalCheckTest {
    @RegisterExtension
    final SqliteFolder folder = new SqliteFolder();

    private void write() {
        SqliteJournal journal = folder.open();
        Await.value(journal.append(BOB, events("b", 2)));
        Await.value(journal.append(ADA, withoutAttachment()));
        Await.value(journal.append(ADA, events("r", 3)));
        Await.value(journal.append(ADA, events("r", 3)));
        journal.close();
    }

    private static JournalAppend withoutAttachment() {
        JournalAppend append = new JournalAppend();
        JournalRecordsContract.everything().changes().stream()
                .filter(change -> !(change instanceof RecordChange.AttachmentSaved))
                .forEach(append::change);
        return append.event(EventJournalContract.THREAD, new RunId("r"), "{}");
    }

    private JournalReport check() {
        try {
            return new JournalCheck(folder.folder).run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String texts(JournalReport report) {
        return String.join("\n", report.findings().stream().map(JournalReport.Finding::text).toList());
    }

    @Test
    void aSoundFolderIsDescribed() {
        write();
        JournalReport report = check();
        assertEquals(List.of(), report.findings());
        assertTrue(report.isSound());
        assertEquals(1, report.version());
        assertEquals(2, report.users());
        assertEquals(9, report.events());
        assertEquals(
                List.of(new JournalReport.Unfinished(ADA, new RunId("r"), RunState.RUNNING)), report.unfinished());
        assertEquals(Files.exists(folder.file()), report.bytes() > 0);
    }

    @Test
    void whatWasWrittenByAProcessThatDiedIsSoundToo() {
        SqliteJournal journal = folder.open();
        Await.value(journal.append(ADA, withoutAttachment()));
        assertTrue(check().isSound());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "delete from events where first = 2 and user = (select key from users where subject = 'ada')",
            "delete from events where first = 5",
            "update events set body = x'0102' where first = 5",
            "update events set last = 9 where first = 5",
            "update users set head = 99 where subject = 'ada'",
            "update users set start = 3, event_bytes = 1 where subject = 'ada'",
            "update users set threads = 7 where subject = 'ada'",
            "update users set text_bytes = 7 where subject = 'ada'",
            "update threads set messages = 7",
            "delete from threads",
            "delete from carries",
            "update carries set body = '{}'",
            "update requests set body = '[]'",
            "update requests set sequence = 1000",
            "update runs set questions = 'x'",
            "update runs set ordinal = 1000",
            "delete from users where subject = 'bob'"
    })
    void whatDoesNotFitTogetherIsFound(String damage) {
        write();
        folder.change(damage);
        JournalReport report = check();
        assertFalse(report.isSound(), damage);
        assertTrue(report.usable());
    }

    @Test
    void aFindingSaysWhoseItIs() {
        write();
        folder.change("delete from events where first = 5");
        assertEquals(Optional.of(ADA), check().findings().getFirst().user());
    }

    @Test
    void aDamagedPageMakesTheFolderUnusable() throws IOException {
        write();
        byte[] bytes = Files.readAllBytes(folder.file());
        for (int i = 2 * 4096; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.write(folder.file(), bytes);
        JournalReport report = check();
        assertFalse(report.usable());
        assertFalse(report.findings().isEmpty());
    }

    @Test
    void aFolderWithoutJournalAndOneOfANewerProgramAreUnusable() {
        assertFalse(check().usable());
        assertTrue(texts(check()).contains("There is no journal"));
        write();
        folder.change("pragma user_version = 77");
        assertFalse(check().usable());
        assertTrue(texts(check()).contains("version 77"));
    }

    @Test
    void anAttachmentWithoutItsFileIsFound() throws IOException {
        AttachmentFolder attachments = new AttachmentFolder(folder.folder.resolve("attachments"));
        Attachment whole = new Attachment(new AttachmentId("whole"), "a", "text/plain", 3);
        Attachment lost = new Attachment(new AttachmentId("lost"), "b", "text/plain", 3);
        Attachment cut = new Attachment(new AttachmentId("cut"), "c", "text/plain", 3);
        SqliteJournal journal = folder.open();
        for (Attachment attachment : List.of(whole, lost, cut)) {
            Await.value(journal.append(ADA, new JournalAppend().change(new RecordChange.AttachmentSaved(attachment))));
        }
        attachments.write(ADA, whole.id(), new ByteArrayInputStream(new byte[3]), bytes -> {});
        attachments.write(ADA, cut.id(), new ByteArrayInputStream(new byte[2]), bytes -> {});
        String found = texts(check());
        assertTrue(found.contains("attachment lost is missing"), found);
        assertTrue(found.contains("attachment cut has 2 bytes"), found);
        assertFalse(found.contains("whole"), found);
        attachments.deleteAll(ADA);
        try (Stream<Path> files = Files.list(folder.folder.resolve("attachments"))) {
            assertEquals(0, files.count());
        }
        Files.delete(folder.folder.resolve("attachments"));
    }

    @Test
    void filesThatNoJournalKnowsOfAreRemovedAndOthersStay() throws IOException {
        AttachmentFolder attachments = new AttachmentFolder(folder.folder.resolve("attachments"));
        Attachment known = new Attachment(new AttachmentId("known"), "a", "text/plain", 3);
        SqliteJournal journal = folder.open();
        Await.value(journal.append(ADA, new JournalAppend().change(new RecordChange.AttachmentSaved(known))));
        Await.value(journal.append(BOB, new JournalAppend().change(run("r", 1, RunState.QUEUED, Optional.empty()))));
        for (String id : List.of("known", "stray")) {
            attachments.write(
                    ADA, new AttachmentId(id), new ByteArrayInputStream(new byte[3]), bytes -> {});
        }
        attachments.write(BOB, known.id(), new ByteArrayInputStream(new byte[3]), bytes -> {});

        new StrayFiles(attachments, journal, InstantSource.fixed(JournalTime.BEGINNING.minusSeconds(1L << 32)))
                .remove();
        attachments.open(BOB, known.id()).close();
        new StrayFiles(attachments, journal, InstantSource.fixed(JournalTime.BEGINNING.plusSeconds(1L << 32))).remove();
        attachments.open(ADA, known.id()).close();
        assertEquals(1, AttachmentFolder.list(attachments.home(ADA)).size());
        assertEquals(0, AttachmentFolder.list(attachments.home(BOB)).size());
        attachments.deleteAll(ADA);
        attachments.deleteAll(BOB);
        Files.delete(folder.folder.resolve("attachments"));
    }

    @Test
    void aFileThatIsWrittenRightAfterTheStartIsNoStray() throws IOException {
        AttachmentFolder attachments = new AttachmentFolder(folder.folder.resolve("attachments"));
        SqliteJournal journal = folder.open();
        AttachmentId fresh = new AttachmentId("fresh");
        attachments.write(ADA, fresh, new ByteArrayInputStream(new byte[3]), bytes -> {});
        Path file = attachments.home(ADA).resolve(AttachmentFolder.fileName(fresh));
        Instant start = JournalTime.BEGINNING;
        StrayFiles strays = new StrayFiles(attachments, journal, InstantSource.fixed(start));
        // The clock of files may be a step behind the one that the start was taken from.
        Files.setLastModifiedTime(file, FileTime.from(start.minusMillis(10)));
        strays.remove();
        assertTrue(Files.exists(file));
        Files.setLastModifiedTime(file, FileTime.from(start.minusMillis(101)));
        strays.remove();
        assertFalse(Files.exists(file));
        attachments.deleteAll(ADA);
        Files.delete(folder.folder.resolve("attachments"));
    }
}
