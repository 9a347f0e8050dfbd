package io.insula.engine.user;

final class MemoryJournalTest extends JournalRecordsContract {
    @Override
    EventJournal make(EngineLimits limits, EngineEnvironment environment) {
        return new MemoryJournal(limits, environment);
    }
}
