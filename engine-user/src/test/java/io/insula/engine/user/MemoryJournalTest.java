package io.insula.engine.user;

final class MemoryJournalTest extends JournalKeepingContract {
    @Override
    EventJournal make(EngineLimits limits, EngineEnvironment environment) {
        return new MemoryJournal(limits, environment);
    }
}
