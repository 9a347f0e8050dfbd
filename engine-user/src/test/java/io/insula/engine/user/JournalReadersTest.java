package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who reads while the journal is closed, and afterwards. */
final class JournalReadersTest {
    @RegisterExtension
    final SqliteFolder folder = new SqliteFolder();

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.folder)) {
            return files.toList();
        }
    }

    @Test
    void nobodyReadsWhenItIsClosedAndNothingIsLeftBesideTheFile() throws Exception {
        SqliteJournal journal = folder.open();
        EventJournalContract.all(journal, EventJournalContract.ADA);
        journal.close();

        assertThrows(UncheckedIOException.class, journal::attachmentOwners);
        assertThrows(IOException.class, () -> journal.backup(folder.folder.resolve("backup")));
        assertEquals(List.of(folder.file()), files());
    }

    @Test
    void closingWaitsForWhoReads() throws Exception {
        folder.open();
        JournalReaders readers = new JournalReaders(new JournalFile(folder.file(), List.of()), trouble -> {});
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().start(() -> readers.read(connection -> {
            reads.countDown();
            Await.open(enough);
            return connection;
        }));
        Await.open(reads);

        Thread closing = Thread.ofPlatform().start(readers::close);
        Await.until("it waits", () -> closing.getState() == Thread.State.WAITING);
        assertTrue(reader.isAlive());
        enough.countDown();
        closing.join();
        reader.join();
        assertThrows(UncheckedIOException.class, () -> readers.read(connection -> connection));
    }
}
