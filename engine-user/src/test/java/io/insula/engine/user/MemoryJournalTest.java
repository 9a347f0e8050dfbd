package io.insula.engine.user;

final class MemoryJournalTest extends JournalRefusalsContract {
    @Override
    EventJournal make(EngineLimits limits, EngineEnvironment environment) {
        return new MemoryJournal(limits, environment);
    }
}
