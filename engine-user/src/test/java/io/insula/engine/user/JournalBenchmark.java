package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.JournalAppend.EventDraft;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the journal against a bare loop over the same tables with the same batches, in one process, and prints
 * ratios. Part of the profile {@code benchmarks}: its figures are those of the machine, its ratios are not.
 */
final class JournalBenchmark {
    private static final int USERS = 500;
    private static final int SLICES = 12;
    private static final long SLICE_NANOS = 500_000_000;
    private static final int SINGLES = 1_000;
    private static final int REPLAYED = 1_000;
    private static final int REPLAYS = 200;
    private static final String JSON = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"0123456789abcdef0123456789"
            + "abcdef\",\"delta\":\"some words of an answer, as long as they come at once\",\"timestamp\":1795378060000}";
    private static final ThreadId THREAD = new ThreadId("0123456789abcdef0123456789abcdef");
    private static final RunId RUN = new RunId("fedcba9876543210fedcba9876543210");

    @TempDir
    Path folder;

    private final Alarms alarms = new ThreadAlarms(Thread.ofPlatform().daemon(true).factory());

    @AfterEach
    void end() {
        alarms.close();
    }

    private SqliteJournal open(String name) throws Exception {
        EngineEnvironment environment = new EngineEnvironment(
                InstantSource.system(),
                System::nanoTime,
                new Random(1),
                Thread.ofVirtual().factory(),
                Thread.ofPlatform().daemon(true).factory());
        return new SqliteJournal(
                new JournalFile(folder.resolve(name), List.of()),
                new JournalSchema(),
                EngineLimits.defaults(),
                environment,
                alarms);
    }

    private static JournalAppend event() {
        return new JournalAppend().event(THREAD, RUN, JSON);
    }

    private static List<UserId> users(SqliteJournal journal, int count) {
        List<UserId> users = IntStream.range(0, count).mapToObj(i -> Premises.id("u" + i)).toList();
        users.forEach(user -> EventJournalContract.open(journal, user));
        return users;
    }

    /**
     * Many users, each of which appends again when its last append is durable; and the bare loop in between, so that
     * both see the same machine.
     */
    @Test
    void manyUsersAtOnce() throws Exception {
        Latencies latencies = new Latencies();
        Latencies warmUp = new Latencies();
        double journalSeconds = 0;
        double bareSeconds = 0;
        long bareAppends = 0;
        try (SqliteJournal other = open("bare.db")) {
            users(other, USERS);
        }
        try (SqliteJournal journal = open("many.db")) {
            List<UserId> users = users(journal, USERS);
            try (JournalConnection file = bare("bare.db")) {
                BareLoop loop = new BareLoop(file);
                slice(journal, users, warmUp);
                loop.slice(USERS);
                long opening = batches();
                for (int i = 0; i < SLICES; i++) {
                    journalSeconds += slice(journal, users, latencies);
                    long before = loop.written;
                    bareSeconds += loop.slice(USERS);
                    bareAppends += loop.written - before;
                }
                double perSecond = latencies.count() / journalSeconds;
                double bare = bareAppends / bareSeconds;
                System.out.printf(
                        "%d users: %,.0f appends/s in batches of %d, %s; bare loop %,.0f/s; ratio %.2f (at least 0.6)%n",
                        USERS,
                        perSecond,
                        latencies.count() / (batches() - opening),
                        latencies,
                        bare,
                        perSecond / bare);
            }
        }
    }

    private static double slice(SqliteJournal journal, List<UserId> users, Latencies latencies) throws Exception {
        long began = System.nanoTime();
        CountDownLatch over = new CountDownLatch(users.size());
        users.forEach(user -> again(journal, user, began + SLICE_NANOS, latencies, over));
        over.await();
        return (System.nanoTime() - began) / 1e9;
    }

    private static void again(
            SqliteJournal journal, UserId user, long end, Latencies latencies, CountDownLatch over) {
        long at = System.nanoTime();
        if (at >= end) {
            over.countDown();
            return;
        }
        journal.append(user, event()).thenRun(() -> {
            latencies.add(System.nanoTime() - at);
            again(journal, user, end, latencies, over);
        });
    }

    private long batches() throws Exception {
        try (JournalConnection file = new JournalFile(folder.resolve("many.db"), List.of()).openForReading()) {
            return file.number("select batch from journal");
        }
    }

    private JournalConnection bare(String name) throws JournalTroubleException {
        return new JournalFile(folder.resolve(name), List.of()).openForWriting();
    }

    /** The same rows in the same tables, and nothing else. */
    private static final class BareLoop {
        final JournalConnection file;
        final long[] heads = new long[USERS + 1];
        final byte[] body = EventRow.encode(List.of(new EventDraft(THREAD, RUN, JSON)));
        long written;
        int sinceCheckpoint;

        BareLoop(JournalConnection file) {
            this.file = file;
        }

        double slice(int batch) throws SQLException {
            long began = System.nanoTime();
            while (System.nanoTime() < began + SLICE_NANOS) {
                file.update("begin immediate");
                file.update("update journal set batch = batch + 1");
                for (int user = 1; user <= batch; user++) {
                    append(file, user, ++heads[user], body);
                }
                file.update("commit");
                written += batch;
                sinceCheckpoint += batch;
                if (sinceCheckpoint > 8_000) {
                    file.number("pragma wal_checkpoint(passive)");
                    sinceCheckpoint = 0;
                }
            }
            return (System.nanoTime() - began) / 1e9;
        }
    }

    private static void append(JournalConnection file, int user, long head, byte[] body) throws SQLException {
        file.update(
                "insert into events (user, first, last, at, body) values (?, ?, ?, ?, ?)",
                user,
                head,
                head,
                JournalTimestamp.of(Instant.now()),
                body);
        file.update("update users set head = ?, event_bytes = ? where key = ?", head, head * JSON.length(), user);
    }

    @Test
    void oneUserAndOneEventAtATime() throws Exception {
        Latencies journal = new Latencies();
        Latencies bare = new Latencies();
        byte[] body = EventRow.encode(List.of(new EventDraft(THREAD, RUN, JSON)));
        try (SqliteJournal made = open("commit.db")) {
            users(made, 1);
        }
        try (SqliteJournal made = open("single.db"); JournalConnection file = bare("commit.db")) {
            UserId user = users(made, 1).getFirst();
            for (int i = 0; i < SINGLES; i++) {
                long at = System.nanoTime();
                Await.value(made.append(user, event()));
                journal.add(System.nanoTime() - at);
                at = System.nanoTime();
                file.update("begin immediate");
                append(file, 1, i + 1, body);
                file.update("commit");
                bare.add(System.nanoTime() - at);
            }
        }
        System.out.printf(
                "one user, one event: %s; bare commit %s; ratio of p50 %.2f (at most 2)%n",
                journal, bare, (double) journal.percentile(50) / bare.percentile(50));
    }

    @Test
    void eventsReadAgain() throws Exception {
        Latencies rows = new Latencies();
        try (SqliteJournal journal = open("replay.db")) {
            List<UserId> users = users(journal, 20);
            for (int i = 0; i < REPLAYED; i++) {
                for (UserId user : users) {
                    journal.append(user, event());
                }
                Await.value(journal.append(users.getFirst(), new JournalAppend()));
            }
            for (int i = 0; i < REPLAYS; i++) {
                UserId user = users.get(i % users.size());
                long at = System.nanoTime();
                List<UserEvent> events = new ArrayList<>();
                List<UserEvent> next = journal.read(user, 0, 256, 256 << 10);
                while (!next.isEmpty()) {
                    events.addAll(next);
                    next = journal.read(user, events.getLast().sequence(), 256, 256 << 10);
                }
                rows.add(System.nanoTime() - at);
                assertEquals(REPLAYED, events.size());
            }
        }
        System.out.printf("replay of %,d events of rows of their own: %s (p50 at most 20 ms)%n", REPLAYED, rows);
    }
}
