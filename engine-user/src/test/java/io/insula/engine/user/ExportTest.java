package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExportTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final TestUser bob = premises.user("bob");

    @BeforeEach
    void agents() {
        premises.catalog.add("keeps", new NoteTaker()).add("asks", context -> {
            context.ask(new Question.Choice("Which?", List.of("a", "b")));
            return AgentResult.done();
        });
    }

    private static Map<String, byte[]> export(TestUser user) throws RefusedException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        user.engine().export(bytes);
        return entries(bytes.toByteArray());
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    private static List<JsonNode> lines(Map<String, byte[]> archive, String name) {
        byte[] bytes = archive.get(name);
        if (bytes == null) {
            throw new AssertionError("there is no " + name + " in " + archive.keySet());
        }
        return new String(bytes, StandardCharsets.UTF_8).lines().map(JsonMapper.shared()::readTree).toList();
    }

    private static JsonNode manifest(Map<String, byte[]> archive) {
        return JsonMapper.shared().readTree(new String(archive.get("manifest.json"), StandardCharsets.UTF_8));
    }

    @Test
    void holdsEverythingOfTheUserAndNothingOfAnother() throws Exception {
        bob.run("t", "keeps", "of bob");
        bob.engine().attach("b.txt", "text/plain", new ByteArrayInputStream("of bob".getBytes(StandardCharsets.UTF_8)));
        ada.run("t", "keeps", "of ada");
        RunId asks = ada.start("t2", "asks", "");
        String question = ada.awaitQuestion(asks).id();
        byte[] content = new byte[200_000];
        new java.util.Random(1).nextBytes(content);
        Attachment file = ada.engine().attach("\u00e9t\u00e9.bin", "application/x", new ByteArrayInputStream(content));
        premises.flush(ada);

        Map<String, byte[]> archive = export(ada);

        assertEquals(
                List.of(
                        "threads.jsonl", "messages.jsonl", "runs.jsonl", "requests.jsonl", "attachments.jsonl",
                        "texts.jsonl", "events.jsonl", "attachments/" + file.id().value(), "manifest.json"),
                List.copyOf(archive.keySet()));
        assertEquals(List.of("t", "t2"), texts(lines(archive, "threads.jsonl"), "thread"));
        assertEquals(List.of("of ada", "kept of ada", ""), texts(lines(archive, "messages.jsonl"), "text"));
        assertEquals(List.of("completed", "waiting-for-answer"), texts(lines(archive, "runs.jsonl"), "state"));
        assertEquals(
                question, lines(archive, "runs.jsonl").get(1).path("questions").path(0).path("id").stringValue());
        assertEquals(2, lines(archive, "requests.jsonl").size());
        assertEquals(
                "of ada",
                lines(archive, "requests.jsonl").getFirst().path("body").path("input").stringValue());
        assertEquals(List.of("of ada"), texts(lines(archive, "texts.jsonl"), "text"));
        assertEquals(
                List.of("attachments/" + file.id().value()), texts(lines(archive, "attachments.jsonl"), "file"));
        assertArrayEquals(content, archive.get("attachments/" + file.id().value()));
        List<UserEvent> log = premises.log(ada.id());
        List<JsonNode> events = lines(archive, "events.jsonl");
        assertEquals(log.size(), events.size());
        for (int i = 0; i < log.size(); i++) {
            assertEquals(i + 1, events.get(i).path("sequence").longValue());
            assertEquals(JsonMapper.shared().readTree(log.get(i).json()), events.get(i).path("event"));
        }
        for (byte[] entry : archive.values()) {
            assertFalse(new String(entry, StandardCharsets.UTF_8).contains("bob"));
        }
        JsonNode manifest = manifest(archive);
        assertEquals(ExportArchive.FORMAT, manifest.path("version").intValue());
        assertEquals("ada", manifest.path("user").path("subject").stringValue());
        Position end = ada.engine().snapshot().position();
        assertEquals(end.epoch(), manifest.path("position").path("epoch").stringValue());
        assertEquals(end.sequence(), manifest.path("position").path("sequence").longValue());
        assertEquals(log.size(), manifest.path("counts").path("events").longValue());
        assertEquals(1, manifest.path("counts").path("attachments").longValue());
        assertEquals(0, manifest.path("missing").size());
        ada.cancel(asks);
    }

    private static List<String> texts(List<JsonNode> lines, String member) {
        return lines.stream().map(line -> line.path(member).stringValue("")).toList();
    }

    @Test
    void ofAUserWhoHasNothingIsWholeAllTheSame() throws Exception {
        Map<String, byte[]> archive = export(ada);
        assertEquals(8, archive.size());
        assertEquals(0, archive.getOrDefault("events.jsonl", new byte[1]).length);
        assertEquals(0, manifest(archive).path("position").path("sequence").longValue());
    }

    @Test
    void aFileThatIsNotThereIsToldAndTheRestIsWritten() throws Exception {
        ada.engine().attach("a", "text/plain", new ByteArrayInputStream(new byte[1]));
        java.nio.file.Files.delete(premises.files().getFirst());

        Map<String, byte[]> archive = export(ada);

        assertEquals(1, manifest(archive).path("missing").size());
        assertEquals(8, archive.size());
    }

    /** Takes nothing until the test says so. */
    private static final class Valve extends OutputStream {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int one) {
            write(new byte[]{(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            reached.countDown();
            Await.open(open);
            taken.write(bytes, offset, length);
        }
    }

    private Thread exporting(TestUser user, OutputStream target, AtomicReference<Throwable> thrown) {
        return Thread.ofVirtual().start(() -> {
            try {
                user.engine().export(target);
            } catch (RefusedException | IOException e) {
                thrown.set(e);
            }
        });
    }

    @Test
    void isOfOnePositionHoweverSlowlyItIsTakenAndKeepsNobodyWaiting() throws Exception {
        ada.run("t", "keeps", "before");
        premises.flush(ada);
        int before = premises.log(ada.id()).size();
        Valve valve = new Valve();
        AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing thrown"));
        Thread exporting = exporting(ada, valve, thrown);
        Await.open(valve.reached);

        ada.run("t", "keeps", "meanwhile");
        assertEquals(
                ErrorCode.EXPORT_UNDER_WAY, assertThrows(RefusedException.class, () -> export(ada)).code());
        assertEquals(8, export(bob).size());
        valve.open.countDown();
        Await.until("it is exported", () -> !exporting.isAlive());

        Map<String, byte[]> archive = entries(valve.taken.toByteArray());
        assertEquals(before, lines(archive, "events.jsonl").size());
        assertEquals(before, manifest(archive).path("position").path("sequence").longValue());
        assertEquals(List.of("before"), texts(lines(archive, "texts.jsonl"), "text"));
        assertTrue(export(ada).size() == 8, "the next one is let in");
    }

    @Test
    void anEraseEndsItAndWaitsForIt() throws Exception {
        ada.engine().attach("a", "text/plain", new ByteArrayInputStream(new byte[1]));
        Valve valve = new Valve();
        AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("not refused"));
        Thread exporting = exporting(ada, valve, thrown);
        Await.open(valve.reached);
        CompletionStage<Void> erased = ada.engine().erase();
        assertFalse(erased.toCompletableFuture().isDone());
        valve.open.countDown();
        Await.value(erased);
        Await.until("it has ended", () -> !exporting.isAlive());

        assertEquals(ErrorCode.ERASED, ((RefusedException) thrown.get()).code());
        assertFalse(entries(valve.taken.toByteArray()).containsKey("manifest.json"));
        assertEquals(List.of(), premises.files());
    }

    @Test
    void leavesNoFileBehindAlsoWhenItsTakerIsGone() throws Exception {
        ada.run("t", "keeps", "x");
        AtomicBoolean gone = new AtomicBoolean(true);
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("gone " + gone.get());
            }
        };
        assertThrows(IOException.class, () -> ada.engine().export(broken));
        assertEquals(List.of(), premises.files());
        assertEquals(8, export(ada).size());
    }
}
