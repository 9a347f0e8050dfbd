package io.insula.engine.user;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection to the journal's file that prepares each statement once. Used by one thread at a time.
 *
 * <p>Values are strings, integers, longs, bytes, and options of them; an empty one stands for SQL's null.
 */
final class JournalConnection implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Reads one row, which it must not move on from. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Is shown rows, one after the other, until it has seen enough. */
    @FunctionalInterface
    interface Rows<E extends Exception> {
        boolean wantsMoreThan(ResultSet row) throws SQLException, E;
    }

    /** Transactions are begun and ended by statements of the caller; a statement outside of one is one by itself. */
    JournalConnection(Connection connection) throws SQLException {
        this.connection = connection;
        // Else the driver tries to begin a transaction of its own at every statement. This begins one, which is ended.
        connection.setAutoCommit(false);
        update("commit");
    }

    /** Runs a statement that is not prepared, for what is done once. */
    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Changes, and returns how many rows it changed. */
    int update(String sql, Object... values) throws SQLException {
        return use(sql, values, PreparedStatement::executeUpdate);
    }

    <T> List<T> list(String sql, Row<T> row, Object... values) throws SQLException {
        return query(
                sql,
                rows -> {
                    List<T> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(row.read(rows));
                    }
                    return found;
                },
                values);
    }

    <T> Optional<T> first(String sql, Row<T> row, Object... values) throws SQLException {
        return query(sql, rows -> rows.next() ? Optional.of(row.read(rows)) : Optional.<T>empty(), values);
    }

    /** The number in the first column of the first row; 0 if there is none. */
    long number(String sql, Object... values) throws SQLException {
        return query(sql, rows -> rows.next() ? rows.getLong(1) : 0L, values);
    }

    <E extends Exception> void each(String sql, Rows<E> shown, Object... values) throws SQLException, E {
        this.<Boolean, E>use(sql, values, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = shown.wantsMoreThan(rows);
                }
                return more;
            }
        });
    }

    private <T> T query(String sql, Row<T> reading, Object[] values) throws SQLException {
        return this.<T, SQLException>use(sql, values, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return reading.read(rows);
            }
        });
    }

    /** Does something with a statement and its values. */
    @FunctionalInterface
    private interface Use<T, E extends Exception> {
        T of(PreparedStatement statement) throws SQLException, E;
    }

    /** A statement is kept, and what it was given is not: a user may be erased next. */
    private <T, E extends Exception> T use(String sql, Object[] values, Use<T, E> use) throws SQLException, E {
        PreparedStatement statement = bind(sql, values);
        boolean whole = false;
        try {
            T result = use.of(statement);
            whole = true;
            return result;
        } finally {
            forgetValues(sql, statement, whole);
        }
    }

    private void forgetValues(String sql, PreparedStatement statement, boolean whole) throws SQLException {
        try {
            statement.clearParameters();
        } catch (SQLException failure) {
            // A statement that has failed may not let itself be cleared. What it failed of is what counts.
            prepared.remove(sql);
            if (whole) {
                throw failure;
            }
        }
    }

    private PreparedStatement bind(String sql, Object[] values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case String text -> statement.setString(index, text);
            case Integer number -> statement.setLong(index, number);
            case Long number -> statement.setLong(index, number);
            case byte[] bytes -> statement.setBytes(index, bytes);
            case Optional<?> option when option.isPresent() -> bind(statement, index, option.get());
            case Optional<?> none -> statement.setObject(index, null);
            default -> throw new IllegalArgumentException("no column holds a " + value.getClass());
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            for (PreparedStatement statement : prepared.values()) {
                statement.close();
            }
        } finally {
            connection.close();
        }
    }
}
