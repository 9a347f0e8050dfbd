package io.insula.engine.user;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.sqlite.SQLiteDataSource;

/** A folder with a journal, which is opened again and again as by one process after the other. */
final class SqliteFolder implements AfterEachCallback {
    final JournalTime time = new JournalTime();
    final FakeAlarms alarms = new FakeAlarms();
    final Path folder;
    private final List<SqliteJournal> opened = new ArrayList<>();

    SqliteFolder() {
        try {
            folder = Files.createTempDirectory("insula-journal");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    SqliteJournal open() {
        return open(EngineLimits.defaults());
    }

    SqliteJournal open(EngineLimits limits, String... pragmas) {
        try {
            SqliteJournal journal = make(new JournalSchema(), limits, pragmas);
            EventJournalContract.open(journal, EventJournalContract.ADA);
            EventJournalContract.open(journal, EventJournalContract.BOB);
            return journal;
        } catch (JournalTroubleException | JournalVersionException e) {
            throw new AssertionError(e);
        }
    }

    SqliteJournal make(JournalSchema schema, EngineLimits limits, String... pragmas)
            throws JournalTroubleException, JournalVersionException {
        SqliteJournal journal = new SqliteJournal(
                new JournalFile(file(), List.of(pragmas)), schema, limits, time.environment(), alarms);
        opened.add(journal);
        return journal;
    }

    Path file() {
        return folder.resolve(JournalFile.NAME);
    }

    /** Changes the file as nobody else does. */
    void change(String sql) {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    long number(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file());
        return source.getConnection();
    }

    /** The files of the folder that hold these characters anywhere. */
    List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files()) {
            // One character per byte, so that nothing can hide in what is no text.
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (bytes.contains(text)) {
                found.add(file);
            }
        }
        return found;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        time.goOn();
        opened.forEach(SqliteJournal::close);
        time.awaitThreads();
        for (Path file : files()) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}
