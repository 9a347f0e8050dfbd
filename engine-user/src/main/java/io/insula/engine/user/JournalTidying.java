package io.insula.engine.user;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the journal's file besides writing: it forgets what is over its limits or erased, in small parts,
 * writes over what that leaves, and moves the write-ahead log to its places. Used by the writer's thread alone, but for
 * what says otherwise.
 */
final class JournalTidying {
    private static final Logger LOG = LoggerFactory.getLogger(JournalTidying.class);
    /** Pages of the write-ahead log after which they are moved to their places. */
    private static final int CHECKPOINT_PAGES = 1_000;
    /** Pages that a bite of tidying, and a turn besides its events, write about. */
    private static final int BITE_PAGES = 100;

    private static final int TURN_PAGES = 1;

    private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofHours(1);

    private final JournalFile file;
    private final InstantSource clock;
    private final Alarms alarms;
    private final PageScrubber scrubber;
    /** Read by any thread. */
    private final AtomicLong keptBytes = new AtomicLong();
    private OpenJournal open;
    /** Pages that were written since the last checkpoint, about. */
    private long pages;
    /** The time of the last write. */
    private Instant now = Instant.EPOCH;
    /** When a look after the age of events was asked for; set by an alarm. */
    private final AtomicReference<Optional<Instant>> looks = new AtomicReference<>(Optional.empty());

    JournalTidying(JournalFile file, OpenJournal open, InstantSource clock, Alarms alarms)
            throws JournalTroubleException {
        this.file = file;
        this.open = open;
        this.clock = clock;
        this.alarms = alarms;
        try {
            keptBytes.set(open.keptBytes());
            this.scrubber = new PageScrubber(file.path(), Math.toIntExact(open.pageBytes()));
        } catch (SQLException e) {
            throw file.trouble(e);
        } catch (IOException e) {
            throw new JournalTroubleException(
                    JournalTrouble.STORAGE_FAILED, "The journal " + file.path() + " cannot be opened: " + e, e);
        }
    }

    /** Goes on with a file that was opened again. */
    void goOnWith(OpenJournal again) throws JournalTroubleException {
        open = again;
        measure();
    }

    /** Bytes of everything that is kept. Asked by any thread. */
    long keptBytes() {
        return keptBytes.get();
    }

    /** Finds out how much is kept now. */
    void measure() throws JournalTroubleException {
        try {
            keptBytes.set(open.keptBytes());
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    /** Has the age of all users' events looked after, now and then. Called by any thread. */
    void lookAfterAge(Runnable wake) {
        alarms.after(FIRST_LOOK, () -> look(wake));
    }

    private void look(Runnable wake) {
        looks.set(Optional.of(clock.instant()));
        wake.run();
        alarms.after(LOOK, () -> look(wake));
    }

    /** The user, whose row it is if there is one, is about to be erased. */
    void erasing(Optional<UserRow> user) {
        scrubber.restart();
        open.erasures().added();
        user.ifPresent(row -> open.retention().erased(row.key));
    }

    /** A turn of the user was written at some time, of so many bytes. */
    void written(UserRow user, Instant at, long bytes) {
        if (at.isAfter(now)) {
            now = at;
        }
        pages += TURN_PAGES + bytes / open.pageBytes();
        open.retention().written(user, now);
    }

    /**
     * Forgets and removes a part.
     *
     * @return whether there is more
     */
    boolean tidy() throws JournalTroubleException {
        Optional<Instant> look = looks.getAndSet(Optional.empty());
        if (look.isPresent()) {
            now = look.get();
            open.retention().look();
        }
        if (pages >= CHECKPOINT_PAGES) {
            checkpoint("passive");
        }
        if (!hasMore()) {
            return false;
        }
        try {
            open.connection().update("begin immediate");
            if (!open.erasures().isEmpty()) {
                open.erasures().bite();
            }
            if (open.retention().hasMore()) {
                open.retention().bite(now);
            }
            open.connection().update("commit");
        } catch (SQLException e) {
            throw file.trouble(e);
        }
        pages += BITE_PAGES;
        measure();
        return hasMore();
    }

    private boolean hasMore() {
        return !open.erasures().isEmpty() || open.retention().hasMore();
    }

    /**
     * Writes over a part of what erased users left.
     *
     * @return whether nothing is left of them
     */
    boolean scrub() throws JournalTroubleException {
        if (!open.erasures().isEmpty() || !truncate()) {
            return false;
        }
        try {
            open.connection().run("pragma shrink_memory");
            boolean clean = scrubber.bite();
            if (clean) {
                scrubber.restart();
            }
            return clean;
        } catch (SQLException e) {
            throw file.trouble(e);
        } catch (IOException e) {
            throw new JournalTroubleException(
                    JournalTrouble.STORAGE_FAILED, "The journal " + file.path() + " cannot be written over: " + e, e);
        }
    }

    /** Empties the write-ahead log, unless somebody reads there: the writer does not wait for readers. */
    private boolean truncate() throws JournalTroubleException {
        try {
            open.connection().run("pragma busy_timeout = 0");
            boolean done = checkpoint("truncate");
            open.connection().run("pragma busy_timeout = " + JournalFile.BUSY.toMillis());
            return done;
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    private boolean checkpoint(String kind) throws JournalTroubleException {
        try {
            pages = 0;
            return open.connection()
                    .first("pragma wal_checkpoint(" + kind + ")", row -> row.getLong(1) == 0)
                    .orElse(false);
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    /** Moves the whole write-ahead log to its places, if that can be done: the file is about to be closed. */
    void emptyLog() {
        try {
            checkpoint("truncate");
        } catch (JournalTroubleException e) {
            // Nothing is lost: the next start reads it from the write-ahead log.
            LOG.warn("journal could not be put in order reason={}", e.trouble().word());
        }
    }

    /** Lets go of the file, after it was closed for writing. */
    void close() {
        try {
            scrubber.close();
        } catch (IOException e) {
            LOG.warn("journal could not be closed", e);
        }
    }
}
