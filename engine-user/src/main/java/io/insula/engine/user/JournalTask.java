package io.insula.engine.user;

import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something of one user that waits to be done to the journal. What came of it is noted by the writer's thread when it
 * is done, and told when it is durable.
 */
final class JournalTask {
    private final Work work;
    private final CompletableFuture<Appended> told = new CompletableFuture<>();
    /** Used by the writer's thread alone, as {@link #failure} is. */
    private @Nullable Appended place;

    private @Nullable JournalException failure;

    /** What is to be done. */
    sealed interface Work {
        /** Writes. */
        record Write(JournalAppend append) implements Work {}

        /** Makes a log. */
        record Open() implements Work {}

        /** Forgets the user. */
        record Erase() implements Work {}
    }

    JournalTask(Work work) {
        this.work = work;
    }

    Work work() {
        return work;
    }

    /** What came of it; completed by {@link #tell} or {@link #refuse} alone. */
    CompletableFuture<Appended> told() {
        return told;
    }

    long bytes() {
        return switch (work) {
            case Work.Write(JournalAppend append) -> append.bytes();
            case Work.Open open -> 0;
            case Work.Erase erase -> 0;
        };
    }

    void done(Appended where) {
        place = where;
    }

    /** Nothing of it is written, and nothing of what is behind it in the same chain. */
    void failed(JournalException why) {
        failure = why;
        chain().ifPresent(AppendChain::tear);
    }

    /** Whether something before it in the same chain was not written, so that it must not be either. */
    boolean isBroken() {
        return chain().filter(AppendChain::isBroken).isPresent();
    }

    private Optional<AppendChain> chain() {
        return work instanceof Work.Write(JournalAppend append) ? append.chain() : Optional.empty();
    }

    /** Where it came to stand; empty if nothing of it is written. */
    Optional<Appended> place() {
        return failure == null ? Optional.ofNullable(place) : Optional.empty();
    }

    Optional<JournalException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Tells what was noted. */
    void tell() {
        if (place != null && failure == null) {
            told.complete(place);
        } else {
            refuse(failure == null ? new JournalException("the append failed") : failure);
        }
    }

    /** Tells that nothing of it was written. */
    void refuse(JournalException why) {
        told.completeExceptionally(why);
    }
}
