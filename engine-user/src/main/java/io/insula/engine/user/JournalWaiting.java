package io.insula.engine.user;

import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Waits for the journal's writer. */
final class JournalWaiting {
    private JournalWaiting() {}

    static Appended forIt(CompletionStage<Appended> stage) throws JournalException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof JournalException unwritten) {
                throw unwritten;
            }
            throw failure;
        }
    }
}
