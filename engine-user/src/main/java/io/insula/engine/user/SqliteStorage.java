package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the journal's file. Made in one thread, then used by the writer's alone. */
final class SqliteStorage implements JournalStorage {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStorage.class);
    /** Pages of the write-ahead log after which they are moved to their places. */
    private static final int CHECKPOINT_PAGES = 8_000;
    /** Pages that are written to find out whether storage takes anything. */
    private static final int PROBE_BYTES = 1 << 20;
    /** Pages that a bite of tidying, and a turn besides its events, write about. */
    private static final int BITE_PAGES = 100;

    private static final int TURN_PAGES = 1;
    /** Files up to this size are looked through when they are opened; larger ones by the doctor. */
    private static final long CHECKED_BYTES = 1L << 30;

    private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofHours(1);

    private final JournalFile file;
    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Alarms alarms;
    private final Identity identity;
    private final Followers followers;
    private final AtomicLong keptBytes = new AtomicLong();
    private final PageScrubber scrubber;
    private Parts parts;
    /** The number of the batch that was last begun. */
    private long batch;

    private boolean inBatch;
    /** What the last commit failed of; empty if it did not fail. */
    private Optional<JournalTrouble> commitFailure = Optional.empty();
    /** Pages that were written since the last checkpoint, about. */
    private long pages;
    /** The time of the last write. */
    private Instant now = Instant.EPOCH;
    /** When a look after the age of events was asked for; set by an alarm. */
    private final AtomicReference<Optional<Instant>> looks = new AtomicReference<>(Optional.empty());

    /** What belongs to one opening of the file. */
    private record Parts(
            JournalConnection connection,
            UserRows rows,
            EventTable events,
            Retention retention,
            Erasures erasures,
            long pageBytes,
            long lastBatch) {}

    /**
     * Opens the file, makes it if there is none, and brings it to this program's version.
     *
     * @throws JournalTroubleException if that cannot be done or the file is damaged
     * @throws JournalVersionException if a newer program wrote it
     */
    SqliteStorage(
            JournalFile file,
            JournalSchema schema,
            EngineLimits limits,
            EngineEnvironment environment,
            Alarms alarms,
            Followers followers)
            throws JournalTroubleException, JournalVersionException {
        this.file = file;
        this.limits = limits;
        this.environment = environment;
        this.alarms = alarms;
        this.identity = new Identity(environment.random());
        this.followers = followers;
        file.make();
        this.parts = open(connection -> {
            schema.migrate(connection);
            Parts made = check(connection);
            changeEpochsIfRestored(connection);
            return made;
        });
        this.batch = parts.lastBatch();
        try {
            this.scrubber = new PageScrubber(file.path(), Math.toIntExact(parts.pageBytes()));
        } catch (IOException e) {
            close(parts.connection());
            throw new JournalTroubleException(
                    JournalTrouble.STORAGE_FAILED, "The journal " + file.path() + " cannot be opened: " + e, e);
        }
    }

    /** Makes a connection into the parts of an opening. */
    @FunctionalInterface
    private interface Opening<E extends Exception> {
        Parts of(JournalConnection connection) throws SQLException, JournalTroubleException, E;
    }

    private <E extends Exception> Parts open(Opening<E> opening) throws JournalTroubleException, E {
        JournalConnection connection = file.openForWriting();
        boolean opened = false;
        try {
            Parts made = opening.of(connection);
            opened = true;
            return made;
        } catch (SQLException e) {
            throw file.trouble(e);
        } finally {
            if (!opened) {
                close(connection);
            }
        }
    }

    private static void close(JournalConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("journal could not be closed", e);
        }
    }

    private Parts check(JournalConnection connection) throws SQLException, JournalTroubleException {
        long pageBytes = connection.number("pragma page_size");
        if (pageBytes * connection.number("pragma page_count") <= CHECKED_BYTES) {
            String found =
                    connection.first("pragma quick_check(1)", row -> row.getString(1)).orElse("nothing");
            if (!found.equals("ok")) {
                throw new JournalTroubleException(
                        JournalTrouble.CORRUPTED, "The journal " + file.path() + " is damaged: " + found);
            }
        }
        EventTable events = new EventTable(connection, limits.user());
        UserRows rows = new UserRows(connection);
        Parts made = new Parts(
                connection, rows, events, new Retention(connection, rows, events), new Erasures(connection), pageBytes,
                connection.number("select batch from journal"));
        measure(made);
        return made;
    }

    private void changeEpochsIfRestored(JournalConnection connection) throws SQLException {
        if (connection.number("select restored from journal") == 0) {
            return;
        }
        connection.update("begin immediate");
        for (long key : connection.list("select key from users", row -> row.getLong(1))) {
            connection.update("update users set epoch = ? where key = ?", identity.next(), key);
        }
        connection.update("update journal set restored = 0");
        connection.update("commit");
        LOG.info("journal is a restored copy: every log has a new epoch");
    }

    /** Bytes of everything that is kept. Asked by any thread. */
    long keptBytes() {
        return keptBytes.get();
    }

    private void measure(Parts of) throws SQLException {
        long pages = of.connection().number("pragma page_count") - of.connection().number("pragma freelist_count");
        keptBytes.set(pages * of.pageBytes());
    }

    /** Has the age of all users' events looked after, now and then. */
    void lookAfterAge(Runnable wake) {
        later(FIRST_LOOK, () -> look(wake));
    }

    private void look(Runnable wake) {
        looks.set(Optional.of(environment.clock().instant()));
        wake.run();
        later(LOOK, () -> look(wake));
    }

    @Override
    public void begin() throws JournalTroubleException {
        batch++;
        try {
            parts.connection().update("begin immediate");
            inBatch = true;
            parts.connection().update("update journal set batch = ?", batch);
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    @Override
    public void perform(JournalLanes.Turn of) throws JournalTroubleException {
        JournalConnection connection = parts.connection();
        try {
            UserTurn turn = new UserTurn(of.user(), parts.rows(), connection, limits.user(), parts.events());
            for (JournalTask task : of.tasks()) {
                perform(turn, task);
            }
            turn.finish();
            note(turn, of.tasks());
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    private void perform(UserTurn turn, JournalTask task) throws SQLException {
        try {
            if (task.isBroken()) {
                throw new JournalException("the run lost what it wrote before");
            }
            task.done(perform(turn, task.work()));
        } catch (JournalException refused) {
            task.failed(refused);
        }
    }

    private Appended perform(UserTurn turn, JournalTask.Work work) throws SQLException, JournalException {
        return switch (work) {
            case JournalTask.Work.Write(JournalAppend append) -> {
                try {
                    yield turn.write(append, environment.clock().instant());
                } catch (RuntimeException failure) {
                    LOG.error("append failed events={}", append.events().size(), failure);
                    throw new JournalException("the append failed");
                }
            }
            case JournalTask.Work.Open open -> turn.open(identity.next());
            case JournalTask.Work.Erase erase -> {
                scrubber.restart();
                parts.erasures().added();
                turn.row().ifPresent(row -> parts.retention().erased(row.key));
                yield turn.erase();
            }
        };
    }

    private void note(UserTurn turn, List<JournalTask> tasks) {
        Optional<UserRow> row = turn.row();
        if (row.isEmpty()) {
            return;
        }
        for (JournalTask task : tasks) {
            if (task.failure().isEmpty() && task.work() instanceof JournalTask.Work.Write(JournalAppend append)) {
                append.changes().forEach(change -> note(row.get().key, change));
            }
        }
        if (turn.at().isAfter(now)) {
            now = turn.at();
        }
        pages += TURN_PAGES + tasks.stream().mapToLong(JournalTask::bytes).sum() / parts.pageBytes();
        parts.retention().written(row.get(), now);
    }

    private void note(long user, RecordChange change) {
        if (change instanceof RecordChange.RunSaved(RunRecord run)) {
            RunState state = run.state();
            if (state.isTerminal()) {
                parts.retention().ended(user, run.id());
            }
        }
    }

    @Override
    public void commit() throws JournalTroubleException {
        try {
            commitFailure = Optional.of(JournalTrouble.STORAGE_FAILED);
            parts.connection().update("commit");
            commitFailure = Optional.empty();
            inBatch = false;
            measure(parts);
        } catch (SQLException e) {
            JournalTroubleException trouble = file.trouble(e);
            commitFailure = commitFailure.map(unknown -> trouble.trouble());
            throw trouble;
        }
    }

    @Override
    public boolean reopen() throws JournalTroubleException {
        close(parts.connection());
        parts = this.<RuntimeException>open(connection -> {
            Parts made = check(connection);
            if (made.lastBatch() != batch && mayComeBack()) {
                connection.update("update journal set batch = ?", batch + 1);
            }
            return made;
        });
        boolean stands = inBatch && parts.lastBatch() == batch;
        // Never the number of a batch that failed, which could then seem to stand.
        batch++;
        inBatch = false;
        commitFailure = Optional.empty();
        return stands;
    }

    /**
     * Whether the failed batch may lie whole in the write-ahead log, unknown to this process but not to the next one
     * that reads it from the disk. It is gone when something else was written in its place.
     */
    private boolean mayComeBack() {
        return commitFailure
                .filter(trouble -> trouble != JournalTrouble.DISK_FULL && trouble != JournalTrouble.READ_ONLY)
                .isPresent();
    }

    @Override
    public void probe() throws JournalTroubleException {
        try {
            JournalConnection connection = parts.connection();
            // As much as a batch may need, and really written: a row that changes in place would fit on a full disk.
            connection.run("create table if not exists probe (bytes blob)");
            connection.update("insert into probe values (zeroblob(?))", PROBE_BYTES);
            connection.update("delete from probe");
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    @Override
    public boolean scrub() throws JournalTroubleException {
        if (!parts.erasures().isEmpty() || !truncate()) {
            return false;
        }
        try {
            parts.connection().run("pragma shrink_memory");
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
            parts.connection().run("pragma busy_timeout = 0");
            boolean done = checkpoint("truncate");
            parts.connection().run("pragma busy_timeout = " + JournalFile.BUSY.toMillis());
            return done;
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    private boolean checkpoint(String kind) throws JournalTroubleException {
        try {
            pages = 0;
            return parts.connection()
                    .first("pragma wal_checkpoint(" + kind + ")", row -> row.getLong(1) == 0)
                    .orElse(false);
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    @Override
    public boolean tidy() throws JournalTroubleException {
        Optional<Instant> look = looks.getAndSet(Optional.empty());
        if (look.isPresent()) {
            now = look.get();
            parts.retention().look();
        }
        if (pages >= CHECKPOINT_PAGES) {
            checkpoint("passive");
        }
        if (!hasMore()) {
            return false;
        }
        try {
            parts.connection().update("begin immediate");
            if (!parts.erasures().isEmpty()) {
                parts.erasures().bite();
            }
            if (parts.retention().hasMore()) {
                parts.retention().bite(now);
            }
            parts.connection().update("commit");
            pages += BITE_PAGES;
            measure(parts);
        } catch (SQLException e) {
            throw file.trouble(e);
        }
        return hasMore();
    }

    private boolean hasMore() {
        return !parts.erasures().isEmpty() || parts.retention().hasMore();
    }

    @Override
    public void written(UserId user) {
        followers.tell(user);
    }

    @Override
    public void later(Duration wait, Runnable action) {
        alarms.after(wait, action);
    }

    @Override
    public void close() {
        try {
            checkpoint("truncate");
        } catch (JournalTroubleException e) {
            // Nothing is lost: the next start reads it from the write-ahead log.
            LOG.warn("journal could not be put in order reason={}", e.trouble().word());
        }
        close(parts.connection());
        try {
            scrubber.close();
        } catch (IOException e) {
            LOG.warn("journal could not be closed", e);
        }
    }
}
