package io.insula.engine.user;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The file that a journal is kept in, and how it is opened.
 *
 * @param path where it is
 * @param pragmas what is told to every connection besides what all need; for tests that want storage to fail
 */
record JournalFile(Path path, List<String> pragmas) {
    /** The name of the file in the data folder. */
    static final String NAME = "journal.db";

    /** How long a connection waits for another one. */
    static final Duration BUSY = Duration.ofSeconds(5);
    private static final int CODE_MASK = 0xff;
    private static final int SYNC = 1034;
    private static final int FOLDER_SYNC = 1290;

    JournalFile {
        pragmas = List.copyOf(pragmas);
    }

    static JournalFile in(Path folder) {
        return new JournalFile(folder.resolve(NAME), List.of());
    }

    /** Makes an empty file for its owner alone, if there is none. */
    void make() throws JournalTroubleException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel folder = FileChannel.open(folder(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (FileAlreadyExistsException there) {
            // It is opened as it is.
            return;
        } catch (IOException e) {
            throw new JournalTroubleException(
                    JournalTrouble.STORAGE_FAILED, "The journal " + path + " cannot be made: " + e, e);
        }
    }

    private Path folder() {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalStateException("a file is in a folder");
        }
        return folder;
    }

    /** Opens the file for the one thread that writes. */
    JournalConnection openForWriting() throws JournalTroubleException {
        JournalConnection connection = open(false);
        try {
            // Frames are moved to their places by the writer when it has time, so that a failure of that is noticed.
            for (String pragma : List.of(
                    "pragma journal_mode = wal",
                    "pragma synchronous = full",
                    "pragma secure_delete = on",
                    "pragma wal_autocheckpoint = 0",
                    "pragma journal_size_limit = 67108864",
                    "pragma cache_size = -32000")) {
                connection.run(pragma);
            }
            for (String pragma : pragmas) {
                connection.run(pragma);
            }
            return connection;
        } catch (SQLException e) {
            closeAfter(connection, e);
            throw trouble(e);
        }
    }

    /** Opens the file for a thread that reads. */
    JournalConnection openForReading() throws JournalTroubleException {
        return open(true);
    }

    /** Opens the file for the one who has it to itself, and leaves no other file beside it. */
    JournalConnection openAlone() throws JournalTroubleException {
        return open(false);
    }

    private JournalConnection open(boolean readOnly) throws JournalTroubleException {
        SQLiteConfig config = new SQLiteConfig(new Properties());
        config.setReadOnly(readOnly);
        // Else the driver asks for the key of each row that is inserted.
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout(Math.toIntExact(BUSY.toMillis()));
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path.toAbsolutePath());
        try {
            return new JournalConnection(source.getConnection());
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    private static void closeAfter(JournalConnection connection, SQLException failure) {
        try {
            connection.close();
        } catch (SQLException again) {
            failure.addSuppressed(again);
        }
    }

    /** Whether the failure is of the storage and not of what was asked of it. */
    static boolean isTrouble(SQLException failure) {
        return switch (SQLiteErrorCode.getErrorCode(code(failure) & CODE_MASK)) {
            case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_ERROR -> false;
            default -> true;
        };
    }

    /** What the failure of the storage is. */
    JournalTroubleException trouble(SQLException failure) {
        int code = code(failure);
        JournalTrouble trouble = switch (SQLiteErrorCode.getErrorCode(code & CODE_MASK)) {
            case SQLITE_FULL -> JournalTrouble.DISK_FULL;
            case SQLITE_READONLY, SQLITE_PERM -> JournalTrouble.READ_ONLY;
            case SQLITE_CORRUPT, SQLITE_NOTADB -> JournalTrouble.CORRUPTED;
            default -> code == SYNC || code == FOLDER_SYNC
                    ? JournalTrouble.SYNC_FAILED
                    : JournalTrouble.STORAGE_FAILED;
        };
        return new JournalTroubleException(
                trouble, "The journal " + path + " failed: " + failure.getMessage(), failure);
    }

    private static int code(SQLException failure) {
        return failure instanceof SQLiteException known ? known.getResultCode().code : failure.getErrorCode();
    }
}
