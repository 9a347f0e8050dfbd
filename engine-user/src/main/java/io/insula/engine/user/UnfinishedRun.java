package io.insula.engine.user;

/** A run that has not ended, as the journal keeps it. */
record UnfinishedRun(RunRecord record, RunCarry carry) {}
