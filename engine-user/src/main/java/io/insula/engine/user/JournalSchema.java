package io.insula.engine.user;

import java.sql.SQLException;
import java.util.List;

/**
 * What tables the journal has, by version. A file is brought to the version of this program step by step, each step
 * whole or not at all; there is no way back.
 *
 * <p>Events, of which there are many, are rows of several in the order written, so that a batch of many users' events
 * fills few pages.
 */
final class JournalSchema {
    private static final List<List<String>> STEPS = List.of(version1());

    private final List<List<String>> steps;

    JournalSchema() {
        this(STEPS);
    }

    /** With steps that a test adds. */
    JournalSchema(List<List<String>> steps) {
        this.steps = List.copyOf(steps);
    }

    static List<String> version1() {
        return List.of(
                "create table journal (id integer primary key check (id = 1), batch integer not null,"
                        + " restored integer not null)",
                "insert into journal values (1, 0, 0)",
                "create table users (key integer primary key autoincrement, issuer text not null,"
                        + " subject text not null, epoch text not null, head integer not null, start integer not null,"
                        + " event_bytes integer not null, oldest integer not null, last_run integer not null,"
                        + " uses integer not null, threads integer not null, runs integer not null,"
                        + " requests integer not null, attachments integer not null,"
                        + " attachment_bytes integer not null, text_bytes integer not null,"
                        + " unique (issuer, subject))",
                "create table erasures (key integer primary key)",
                "create table events (user integer not null, first integer not null, last integer not null,"
                        + " at integer not null, body blob not null, unique (user, first))",
                "create table threads (user integer not null, id text not null, title text not null,"
                        + " agent text not null, created integer not null, updated integer not null,"
                        + " used integer not null, messages integer not null, unique (user, id))",
                "create unique index threads_by_use on threads (user, used)",
                "create table messages (user integer not null, thread text not null, ordinal integer not null,"
                        + " idx integer not null, id text not null, run text not null, role text not null,"
                        + " agent text not null, text text not null, attachments text not null, at integer not null,"
                        + " unique (user, thread, ordinal, idx))",
                "create table runs (user integer not null, id text not null, ordinal integer not null,"
                        + " thread text not null, agent text not null, state text not null, unfinished integer not null,"
                        + " code text, accepted integer not null, started integer, ended integer,"
                        + " questions text not null, unique (user, id))",
                "create unique index runs_by_ordinal on runs (user, ordinal)",
                "create index runs_unfinished on runs (user, ordinal) where unfinished = 1",
                "create table carries (user integer not null, run text not null, body text not null,"
                        + " unique (user, run))",
                "create table scripts (user integer not null, run text not null, author text not null,"
                        + " kind text not null, content text not null)",
                "create index scripts_by_run on scripts (user, run)",
                "create table requests (user integer not null, id blob not null, body text not null,"
                        + " run text not null, thread text not null, sequence integer not null, unique (user, id))",
                "create index requests_by_age on requests (user)",
                "create table attachments (user integer not null, id text not null, name text not null,"
                        + " media_type text not null, bytes integer not null, unique (user, id))",
                "create table texts (user integer not null, plugin text not null, name text not null,"
                        + " text text not null, unique (user, plugin, name))");
    }

    /** The version that this program writes. */
    int version() {
        return steps.size();
    }

    static int version(JournalConnection connection) throws SQLException {
        return Math.toIntExact(connection.number("pragma user_version"));
    }

    /**
     * Brings the file to this program's version.
     *
     * @throws JournalVersionException if it is of a newer one
     */
    void migrate(JournalConnection connection) throws SQLException, JournalVersionException {
        int found = version(connection);
        if (found > version()) {
            throw new JournalVersionException(found, version());
        }
        for (int next = found + 1; next <= version(); next++) {
            connection.run("begin immediate");
            for (String statement : steps.get(next - 1)) {
                connection.run(statement);
            }
            connection.run("pragma user_version = " + next);
            connection.run("commit");
        }
    }
}
