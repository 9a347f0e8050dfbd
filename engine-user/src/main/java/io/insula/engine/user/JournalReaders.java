package io.insula.engine.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections for reading, apart from the writer's; who finds none free waits. */
final class JournalReaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReaders.class);
    /** Short reads at the same time. */
    private static final int READERS = 8;
    /** Long reads at the same time, which have connections of their own so that short ones never wait for them. */
    private static final int LONG_READERS = 2;

    private static final String CLOSED = "the journal is closed";

    private final JournalFile file;
    private final Consumer<JournalTroubleException> suspect;
    private final Semaphore places = new Semaphore(READERS, true);
    private final Semaphore longPlaces = new Semaphore(LONG_READERS, true);
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final Deque<JournalConnection> idle = new ArrayDeque<>();
    /** Guarded by {@link #lock}. */
    private boolean closed;

    /** Reads with a connection. */
    @FunctionalInterface
    interface Reading<T, E extends Exception> {
        T from(JournalConnection connection) throws SQLException, E;
    }

    /**
     * Opens nothing yet.
     *
     * @param suspect told when the storage fails a reader
     */
    JournalReaders(JournalFile file, Consumer<JournalTroubleException> suspect) {
        this.file = file;
        this.suspect = suspect;
    }

    /**
     * Reads one thing.
     *
     * @throws UncheckedIOException if it cannot be read, or the journal is closed
     */
    <T, E extends Exception> T read(Reading<T, E> reading) throws E {
        places.acquireUninterruptibly();
        try {
            JournalConnection connection = take();
            boolean whole = false;
            try {
                T result = reading.from(connection);
                whole = true;
                return result;
            } catch (SQLException e) {
                throw failed(file.trouble(e));
            } catch (IllegalArgumentException e) {
                throw new UncheckedIOException(new IOException("the journal holds what nobody wrote", e));
            } finally {
                giveBack(connection, whole);
            }
        } catch (JournalTroubleException e) {
            throw failed(e);
        } finally {
            places.release();
        }
    }

    /** Reads several things as they are at one moment. */
    <T, E extends Exception> T readAtOnce(Reading<T, E> reading) throws E {
        return read(connection -> atOnce(connection, reading));
    }

    private static <T, E extends Exception> T atOnce(JournalConnection connection, Reading<T, E> reading)
            throws SQLException, E {
        connection.update("begin");
        boolean whole = false;
        try {
            T result = reading.from(connection);
            whole = true;
            return result;
        } finally {
            if (whole) {
                connection.update("commit");
            } else {
                connection.update("rollback");
            }
        }
    }

    /** Reads much, as it is at one moment, with a connection of its own. */
    <T, E extends Exception> T readLong(Reading<T, E> reading) throws IOException, E {
        return withOwn(connection -> atOnce(connection, reading));
    }

    /** Works for long with a connection of its own. */
    <T, E extends Exception> T withOwn(Reading<T, E> reading) throws IOException, E {
        longPlaces.acquireUninterruptibly();
        try (JournalConnection connection = openOwn()) {
            return reading.from(connection);
        } catch (SQLException e) {
            throw new IOException("the journal cannot be read", file.trouble(e));
        } catch (JournalTroubleException e) {
            throw new IOException("the journal cannot be read", e);
        } finally {
            longPlaces.release();
        }
    }

    private JournalConnection openOwn() throws IOException, JournalTroubleException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException(CLOSED);
            }
        } finally {
            lock.unlock();
        }
        return file.openForReading();
    }

    private UncheckedIOException failed(JournalTroubleException trouble) {
        if (trouble.trouble() == JournalTrouble.CORRUPTED) {
            suspect.accept(trouble);
        }
        return new UncheckedIOException(new IOException("the journal cannot be read", trouble));
    }

    private JournalConnection take() throws JournalTroubleException {
        JournalConnection free;
        lock.lock();
        try {
            if (closed) {
                throw new UncheckedIOException(new IOException(CLOSED));
            }
            free = idle.poll();
        } finally {
            lock.unlock();
        }
        return free == null ? file.openForReading() : free;
    }

    private void giveBack(JournalConnection connection, boolean whole) {
        lock.lock();
        try {
            if (whole && !closed) {
                idle.push(connection);
                return;
            }
        } finally {
            lock.unlock();
        }
        close(connection);
    }

    private static void close(JournalConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("reader could not be closed", e);
        }
    }

    /**
     * Waits for short reads under way, and refuses all that come later: who opened the file again behind its last writer
     * would leave files beside it. A long read under way goes on to its end.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        places.acquireUninterruptibly(READERS);
        places.release(READERS);
        for (JournalConnection each : idle()) {
            close(each);
        }
    }

    private List<JournalConnection> idle() {
        lock.lock();
        try {
            List<JournalConnection> all = List.copyOf(idle);
            idle.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
