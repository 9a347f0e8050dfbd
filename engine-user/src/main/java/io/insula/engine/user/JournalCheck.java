package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import io.insula.engine.user.JournalReport.Finding;
import io.insula.engine.user.JournalReport.Unfinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks through a data folder that no process serves from, and changes nothing in it. Takes as long as reading
 * everything takes.
 */
public final class JournalCheck {
    private static final List<String> TABLES = List.of(
            "events", "messages", "texts", "scripts", "carries", "requests", "runs", "threads", "attachments");

    private final JournalFile file;
    private final AttachmentFolder attachments;
    private final JournalSchema schema = new JournalSchema();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Unfinished> unfinished = new ArrayList<>();
    private int version;
    private long users;
    private long events;

    private record Owner(long key, UserId user) {}

    /** Looks at nothing yet. */
    public JournalCheck(Path dataFolder) {
        this.file = JournalFile.in(dataFolder);
        this.attachments = new AttachmentFolder(dataFolder.resolve(EngineModule.ATTACHMENTS));
    }

    /**
     * Looks through everything. Called once.
     *
     * @throws IOException if the folder cannot be read
     */
    public JournalReport run() throws IOException {
        if (!Files.exists(file.path())) {
            found("There is no journal " + file.path() + ".");
            return report(false);
        }
        try (JournalConnection connection = file.openForReading()) {
            return report(check(connection));
        } catch (SQLException e) {
            found(file.trouble(e).words());
        } catch (JournalTroubleException e) {
            found(e.words());
        }
        return report(false);
    }

    private boolean check(JournalConnection connection) throws SQLException, IOException {
        version = JournalSchema.version(connection);
        if (version > schema.version()) {
            found(new JournalVersionException(version, schema.version()).words());
            return false;
        }
        boolean whole = checkPages(connection);
        if (version == 0) {
            return whole;
        }
        for (String table : TABLES) {
            long strangers = connection.number("select count(*) from " + table
                    + " where user not in (select key from users union select key from erasures)");
            if (strangers > 0) {
                found("The table " + table + " has " + strangers + " rows of users that are not there.");
            }
        }
        List<Owner> owners = connection.list(
                "select key, issuer, subject from users order by key",
                row -> new Owner(row.getLong(1), new UserId(row.getString(2), row.getString(3))));
        for (Owner owner : owners) {
            checkUser(connection, owner);
        }
        return whole;
    }

    private boolean checkPages(JournalConnection connection) throws SQLException {
        List<String> damage = connection.list("pragma integrity_check(20)", row -> row.getString(1));
        if (damage.equals(List.of("ok"))) {
            return true;
        }
        damage.forEach(text -> found("The journal is damaged: " + text));
        return false;
    }

    private void checkUser(JournalConnection connection, Owner owner) throws SQLException, IOException {
        users++;
        Optional<UserRow> row = UserRow.load(connection, owner.key());
        if (row.isEmpty()) {
            return;
        }
        if (row.get().hasEvents()) {
            events += row.get().head - row.get().start + 1;
        }
        new UserCheck(connection, attachments, owner.user(), row.get(), text -> found(owner.user(), text)).run();
        connection.each(
                "select id, state from runs where user = ? and unfinished = 1 order by ordinal",
                run -> {
                    unfinished.add(new Unfinished(
                            owner.user(), new RunId(run.getString(1)), RunState.valueOf(run.getString(2))));
                    return unfinished.size() < JournalReport.MOST_FINDINGS;
                },
                owner.key());
    }

    private void found(String text) {
        add(new Finding(Optional.empty(), text));
    }

    private void found(UserId user, String text) {
        add(new Finding(Optional.of(user), text));
    }

    private void add(Finding finding) {
        if (findings.size() < JournalReport.MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    private JournalReport report(boolean usable) throws IOException {
        long bytes = 0;
        for (String suffix : List.of("", "-wal")) {
            Path part = Path.of(file.path() + suffix);
            bytes += Files.exists(part) ? Files.size(part) : 0;
        }
        return new JournalReport(usable, version, bytes, users, events, unfinished, findings);
    }
}
