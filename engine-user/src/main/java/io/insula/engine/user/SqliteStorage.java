package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the journal's file. Made in one thread, then used by the writer's alone. */
final class SqliteStorage implements JournalStorage {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStorage.class);
    /** Pages that are written to find out whether storage takes anything. */
    private static final int PROBE_BYTES = 1 << 20;

    private final JournalFile file;
    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Alarms alarms;
    private final Identity identity;
    private final Followers followers;
    private final RecentEvents recent;
    private final JournalOpening opening;
    private final JournalTidying tidying;
    private OpenJournal open;
    /** The number of the batch that was last begun. */
    private long batch;

    private boolean inBatch;
    /** What the last commit failed of; empty if it did not fail. */
    private Optional<JournalTrouble> commitFailure = Optional.empty();

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
            Followers followers,
            RecentEvents recent)
            throws JournalTroubleException, JournalVersionException {
        this.file = file;
        this.limits = limits;
        this.environment = environment;
        this.alarms = alarms;
        this.identity = new Identity(environment.random());
        this.followers = followers;
        this.recent = recent;
        this.opening = new JournalOpening(file, limits.user());
        this.open = opening.first(schema, identity);
        this.batch = open.lastBatch();
        try {
            this.tidying = new JournalTidying(file, open, environment.clock(), alarms);
        } catch (JournalTroubleException e) {
            open.close();
            throw e;
        }
    }

    /** Bytes of everything that is kept. Asked by any thread. */
    long keptBytes() {
        return tidying.keptBytes();
    }

    /** Has the age of all users' events looked after, now and then. */
    void lookAfterAge(Runnable wake) {
        tidying.lookAfterAge(wake);
    }

    @Override
    public void begin() throws JournalTroubleException {
        batch++;
        try {
            open.connection().update("begin immediate");
            inBatch = true;
            open.connection().update("update journal set batch = ?", batch);
        } catch (SQLException e) {
            throw file.trouble(e);
        }
    }

    @Override
    public void perform(JournalLanes.Turn of) throws JournalTroubleException {
        JournalConnection connection = open.connection();
        try {
            UserTurn turn = new UserTurn(of.user(), open.rows(), connection, limits.user(), open.events());
            for (JournalTask task : of.tasks()) {
                perform(turn, task);
            }
            turn.finish();
            note(turn, of.tasks());
            recent.note(of.user(), of.tasks());
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
            case JournalTask.Work.Open log -> turn.open(identity.next());
            case JournalTask.Work.Erase erase -> {
                tidying.erasing(turn.row());
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
        tidying.written(row.get(), turn.at(), tasks.stream().mapToLong(JournalTask::bytes).sum());
    }

    private void note(long user, RecordChange change) {
        if (change instanceof RecordChange.RunSaved(RunRecord run)) {
            RunState state = run.state();
            if (state.isTerminal()) {
                open.retention().ended(user, run.id());
            }
        }
    }

    @Override
    public void commit() throws JournalTroubleException {
        try {
            commitFailure = Optional.of(JournalTrouble.STORAGE_FAILED);
            open.connection().update("commit");
            commitFailure = Optional.empty();
            inBatch = false;
        } catch (SQLException e) {
            JournalTroubleException trouble = file.trouble(e);
            commitFailure = Optional.of(trouble.trouble());
            throw trouble;
        }
        recent.publish();
        tidying.measure();
    }

    @Override
    public boolean reopen() throws JournalTroubleException {
        recent.clear();
        open.close();
        open = opening.again(batch, mayComeBack());
        tidying.goOnWith(open);
        boolean stands = inBatch && open.lastBatch() == batch;
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
            JournalConnection connection = open.connection();
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
        return tidying.scrub();
    }

    @Override
    public boolean tidy() throws JournalTroubleException {
        return tidying.tidy();
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
        tidying.emptyLog();
        open.close();
        tidying.close();
    }
}
