package io.insula.engine.user;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;

/** Copies the journal's file while others write and read, and marks the copy as one. */
final class JournalBackup {
    private final JournalReaders readers;

    JournalBackup(JournalReaders readers) {
        this.readers = readers;
    }

    /** Writes the copy whole and synced, or not at all. */
    void write(Path target) throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Path part = Path.of(target + ".part");
        Files.deleteIfExists(part);
        boolean whole = false;
        try {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            readers.withOwn(connection -> connection.update("vacuum into ?", part.toString()));
            mark(part);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(part);
            }
        }
    }

    private static void mark(Path part) throws IOException {
        JournalFile copy = new JournalFile(part, List.of());
        try (JournalConnection connection = copy.openAlone()) {
            connection.update("update journal set restored = 1");
        } catch (SQLException e) {
            throw new IOException("the copy cannot be marked", copy.trouble(e));
        } catch (JournalTroubleException e) {
            throw new IOException("the copy cannot be marked", e);
        }
    }
}
