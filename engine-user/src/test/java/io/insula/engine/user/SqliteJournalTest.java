package io.insula.engine.user;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteJournalTest extends JournalRefusalsContract {
    @TempDir
    Path folder;

    private final ThreadAlarms alarms = new ThreadAlarms(time.environment().platformThreads());

    @Override
    EventJournal make(EngineLimits limits, EngineEnvironment environment) {
        try {
            return new SqliteJournal(JournalFile.in(folder), new JournalSchema(), limits, environment, alarms);
        } catch (JournalTroubleException | JournalVersionException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void closeAlarms() {
        alarms.close();
    }
}
