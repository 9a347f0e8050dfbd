package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.JournalAppend.EventDraft;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user's turn in a batch. The events of all its appends are written together at its end, as few rows; the records
 * of each append as they come, so that one that fails is taken back alone.
 */
final class UserTurn {
    private static final Logger LOG = LoggerFactory.getLogger(UserTurn.class);

    private final UserId user;
    private final UserRows rows;
    private final JournalConnection connection;
    private final EngineLimits.User limits;
    private final EventTable events;
    private final List<EventDraft> unwritten = new ArrayList<>();
    private @Nullable UserRow row;
    private boolean changed;
    private boolean recordsChanged;
    private Instant at = Instant.EPOCH;

    UserTurn(UserId user, UserRows rows, JournalConnection connection, EngineLimits.User limits, EventTable events)
            throws SQLException {
        this.user = user;
        this.rows = rows;
        this.connection = connection;
        this.limits = limits;
        this.events = events;
        this.row = rows.find(user).orElse(null);
    }

    /** The user's row as the turn left it; empty if the user has no log. */
    Optional<UserRow> row() {
        return Optional.ofNullable(row);
    }

    /** When the last append of the turn was written; {@link Instant#EPOCH} if there was none. */
    Instant at() {
        return at;
    }

    Appended open(String epochIfNew) throws SQLException {
        UserRow there = row;
        if (there == null) {
            UserRow.create(connection, user, epochIfNew);
            there = rows.find(user).orElseThrow();
            row = there;
        }
        return there.place();
    }

    /** Makes the user unknown; what is left is removed later, by its key. */
    Appended erase() throws SQLException {
        UserRow gone = row;
        if (gone == null) {
            return new Appended("", 0);
        }
        finish();
        connection.update("delete from users where key = ?", gone.key);
        connection.update("insert into erasures (key) values (?)", gone.key);
        rows.remove(user);
        row = null;
        return gone.place();
    }

    /**
     * Writes an append, or takes it back.
     *
     * @throws JournalException if it is bad, or the user has no log
     * @throws SQLException if storage fails
     */
    Appended write(JournalAppend append, Instant now) throws SQLException, JournalException {
        UserRow there = row;
        if (there == null) {
            throw new EventJournal.NoLogException();
        }
        boolean hasChanges = !append.changes().isEmpty();
        UserRow before = hasChanges ? there.copy() : there;
        there.head += append.events().size();
        there.eventBytes += append.bytes();
        if (hasChanges) {
            recordsChanged = true;
            connection.update("savepoint append");
            try {
                change(append, there, now);
            } catch (JournalException refused) {
                takeBack(there, before);
                throw refused;
            } catch (SQLException | RuntimeException failure) {
                if (failure instanceof SQLException storage && JournalFile.isTrouble(storage)) {
                    throw storage;
                }
                LOG.error("append failed events={}", append.events().size(), failure);
                takeBack(there, before);
                throw new JournalException("the append failed");
            } finally {
                connection.update("release append");
            }
        }
        unwritten.addAll(append.events());
        changed = true;
        at = now;
        return there.place();
    }

    private void takeBack(UserRow there, UserRow before) throws SQLException {
        connection.update("rollback to append");
        there.set(before);
    }

    private void change(JournalAppend append, UserRow there, Instant now) throws SQLException, JournalException {
        RecordTables records = new RecordTables(connection, limits, there);
        for (RecordChange change : append.changes()) {
            records.apply(change, there.place(), now);
        }
    }

    /** Writes what the appends have in common. */
    void finish() throws SQLException {
        UserRow there = row;
        if (there == null || !changed) {
            return;
        }
        events.write(there, unwritten, at);
        if (recordsChanged) {
            there.save(connection);
        } else {
            there.saveEvents(connection);
        }
        unwritten.clear();
        changed = false;
    }
}
