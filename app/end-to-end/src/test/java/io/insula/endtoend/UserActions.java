package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What one user does over one connection, each deed noted in the ledger before it is asked and after its reply. */
final class UserActions {
    static final String DISTURBED_THREAD = "disturbed";
    private static final Set<String> FINAL_STATES = Set.of("completed", "failed", "cancelled", "timed-out");
    private static final List<String> AGENTS_WITHOUT_WORDS = List.of("steps", "fan-out", "fail", "wait-for-stop");
    private static final List<String> KINDS = List.of("approval", "choice", "text", "files");
    private static final List<String> BUSY = List.of("enqueue", "interrupt", "rollback", "reject");

    private final PackagedApp app;
    private final String subject;
    private final String token;
    private final UserLedger ledger;
    private final FrailConnection connection;
    private final RandomGenerator random;
    private final RandomGenerator ids;

    /**
     * Makes one for a connection.
     *
     * @param ids draws nothing but ids, which others may have too
     */
    UserActions(
            PackagedApp app,
            String subject,
            UserLedger ledger,
            FrailConnection connection,
            RandomGenerator random,
            RandomGenerator ids) {
        this.app = app;
        this.subject = subject;
        this.token = app.token(subject);
        this.ledger = ledger;
        this.connection = connection;
        this.random = random;
        this.ids = ids;
    }

    /** Asks for a run or gives an answer, and notes what came of it. */
    JsonNode ask(ObjectNode message) throws LostException, InterruptedException {
        ledger.ask(message);
        var reply = connection.call(message);
        ledger.settle(message, reply);
        requireJournal(reply);
        return reply;
    }

    /** While nothing can be written there is nothing to do. */
    static void requireJournal(JsonNode reply) throws LostException {
        if (reply.path("code").asString("").equals("journal-unavailable")) {
            throw new LostException("nothing can be written: " + reply, null);
        }
    }

    private ObjectNode start(String agent, String input, String thread) {
        var message = connection.message("run.start").put("request", fresh("")).put("agent", agent).put("input", input)
                .put("thread", thread);
        return random.nextBoolean() ? message.put("run", fresh("run-")) : message;
    }

    /** A UUID by the seed, behind a prefix. */
    private String fresh(String prefix) {
        byte[] bytes = new byte[16];
        ids.nextBytes(bytes);
        return prefix + UUID.nameUUIDFromBytes(bytes);
    }

    /** Something that no other user says. */
    private String own(String prefix) {
        return fresh(prefix) + OwnerMarks.of(subject);
    }

    private String ordinaryThread() {
        return random.nextInt(3) == 0 ? fresh("alone-") : "thread-" + random.nextInt(2);
    }

    void echo(String thread) throws LostException, InterruptedException {
        int count = 1 + random.nextInt(60);
        String marker = own("m-");
        String input = "marker=" + marker + " count=" + count;
        var said = new StringBuilder();
        for (int i = 0; i < count; i++) {
            said.append('[').append(marker).append('#').append(i).append(']');
        }
        ledger.expect(input, said.toString());
        ask(start("echo", input, thread));
    }

    void echo() throws LostException, InterruptedException {
        echo(ordinaryThread());
    }

    /** A run in the thread where some runs end the others. */
    void disturb() throws LostException, InterruptedException {
        var message = start("echo", "marker=" + own("m-") + " count=30", DISTURBED_THREAD);
        ask(message.put("whenBusy", BUSY.get(random.nextInt(BUSY.size()))));
    }

    void hello() throws LostException, InterruptedException {
        String name = own("");
        ledger.expect(name, "Hello, " + name + "!");
        ask(start("hello", name, ordinaryThread()));
    }

    void other() throws LostException, InterruptedException {
        String agent = AGENTS_WITHOUT_WORDS.get(random.nextInt(AGENTS_WITHOUT_WORDS.size()));
        ask(start(agent, "tag=" + own(""), ordinaryThread()));
    }

    /** Counts in the store, one run after another. */
    void remember() throws LostException, InterruptedException {
        ask(start("remember", "tag=" + own(""), "remember"));
    }

    void beAsked() throws LostException, InterruptedException {
        ask(start("asker", "kind=" + KINDS.get(random.nextInt(KINDS.size())) + " tag=" + own(""), fresh("alone-")));
    }

    void askForCosts() throws LostException, InterruptedException {
        var csv = new StringBuilder("timestamp,model,prompt_tokens,completion_tokens\n");
        int rows = 20 + random.nextInt(200);
        for (int i = 0; i < rows; i++) {
            csv.append("2026-10-01T08:00:").append(10 + i % 50).append("Z,gpt-4o,").append(50 + random.nextInt(8_000))
                    .append(',').append(1 + random.nextInt(900)).append('\n');
        }
        var stored = upload("usage.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
        ask(Runs.with(start("cost-advisor", "What to change? " + own(""), ordinaryThread()), "attachments",
                stored.id()));
    }

    UserLedger.Stored upload() throws LostException, InterruptedException {
        byte[] content = new byte[random.nextInt(20_000)];
        random.nextBytes(content);
        return upload("f" + random.nextInt(1_000) + ".bin", content);
    }

    private UserLedger.Stored upload(String name, byte[] content) throws LostException, InterruptedException {
        try {
            var response = Upload.send(app, token, name, content);
            long end = System.nanoTime() + Moment.DEADLINE.toNanos();
            while (response.body().contains("platform-busy") && System.nanoTime() - end < 0) {
                // Too many at the same time: it says so, and to try again.
                response = Upload.send(app, token, name, content);
            }
            if (response.statusCode() == 503) {
                throw new LostException("nothing can be stored: " + response.body(), null);
            }
            if (response.statusCode() != 201) {
                throw new AssertionError("not stored: " + response.statusCode() + " " + response.body());
            }
            int sum = 0;
            for (byte b : content) {
                sum += b & 0xff;
            }
            String id = FrailConnection.JSON.readTree(response.body()).path("id").asString();
            var stored = new UserLedger.Stored(id, name, content.length, sum);
            ledger.stored(stored);
            return stored;
        } catch (IOException e) {
            throw new LostException("lost while it uploaded", e);
        }
    }

    /** Answers the question that a run asks. */
    JsonNode answer(String run, JsonNode question) throws LostException, InterruptedException {
        var message = connection.message("run.answer").put("request", fresh("")).put("run", run)
                .put("question", question.path("question").asString());
        String kind = question.path("kind").asString();
        switch (kind) {
            case "approval" -> {
                boolean answer = random.nextBoolean();
                ledger.expect(run, "approval: " + answer);
                message.put("answer", answer);
            }
            case "choice" -> {
                ledger.expect(run, "choice: right");
                message.put("answer", "right");
            }
            case "files" -> {
                var files = files();
                var said = new StringBuilder("files:");
                files.forEach(file -> said.append(file.said()));
                ledger.expect(run, said.toString());
                Runs.with(message, "attachments", files.stream().map(UserLedger.Stored::id).toArray(String[]::new));
            }
            default -> {
                String text = own("answer ");
                ledger.expect(run, kind + ": " + text);
                message.put("answer", text);
            }
        }
        ledger.takeQuestion(run);
        return ask(message);
    }

    /** A file of long ago and one of now. */
    private List<UserLedger.Stored> files() throws LostException, InterruptedException {
        var files = new ArrayList<UserLedger.Stored>();
        var earlier = ledger.uploads();
        if (!earlier.isEmpty()) {
            files.add(earlier.get(random.nextInt(earlier.size())));
        }
        files.add(upload());
        return files;
    }

    void cancel(String run) throws LostException, InterruptedException {
        ledger.cancel(run);
        tell(succeed(connection.message("run.cancel").put("run", run)).path("run"));
    }

    void read(String run) throws LostException, InterruptedException {
        tell(succeed(connection.message("run.read").put("run", run)).path("run"));
    }

    private void tell(JsonNode run) {
        String state = run.path("state").asString();
        if (FINAL_STATES.contains(state)) {
            ledger.tell(run.path("run").asString(), state);
        }
    }

    void rename(String thread) throws LostException, InterruptedException {
        String title = own("title ");
        ledger.rename(thread, title);
        var reply = succeed(connection.message("thread.rename").put("thread", thread).put("title", title));
        ledger.renamed(thread, reply.path("thread").path("title").asString());
    }

    /** Says one thing in a thread of its own, and deletes that. */
    void sayAndDelete() throws LostException, InterruptedException {
        String thread = fresh("gone-");
        var reply = ask(start("hello", own(""), thread));
        if (reply.path("type").asString().equals("accepted")) {
            String run = reply.path("run").asString();
            awaitEnd(run);
            succeed(connection.message("thread.delete").put("thread", thread));
            ledger.deleted(thread);
        }
    }

    /** Those that wait for a stop may have all places of the user: then nothing else would begin. */
    private void awaitEnd(String run) throws LostException, InterruptedException {
        while (!ledger.hasEnded(run) && !connection.isLost()) {
            for (var waiting : ledger.unfinished("wait-for-stop")) {
                cancel(waiting);
            }
            ledger.await("the end of " + run, connection,
                    () -> ledger.hasEnded(run) || !ledger.unfinished("wait-for-stop").isEmpty());
        }
    }

    /** What the server takes for the present is not before what it has shown. */
    void snapshot() throws LostException, InterruptedException {
        long seen = ledger.seen();
        var position = succeed(connection.message("snapshot")).path("position");
        if (position.path("sequence").asLong() < seen
                || !ledger.epoch().map(position.path("epoch").asString()::equals).orElse(true)) {
            ledger.find("the snapshot is of " + position + " after #" + seen + " of " + ledger.epoch());
        }
    }

    JsonNode succeed(ObjectNode message) throws LostException, InterruptedException {
        var reply = connection.call(message);
        requireJournal(reply);
        if (reply.path("type").asString().equals("refused")) {
            ledger.find(message + " got " + reply);
        }
        return reply;
    }
}
