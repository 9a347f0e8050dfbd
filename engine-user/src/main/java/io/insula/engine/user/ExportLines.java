package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes what a journal holds of a user into a zip: a file of JSON lines for each kind of thing. Keeps one record in
 * memory at a time, and the list of attachments.
 */
final class ExportLines implements JournalVisitor {
    /** The files, in the order in which a journal shows what is in them. */
    private enum Section {
        THREADS, MESSAGES, RUNS, REQUESTS, ATTACHMENTS, TEXTS, EVENTS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LINE_END = '\n';

    private final ZipOutputStream zip;
    private final SequencedMap<String, Long> counts = new LinkedHashMap<>();
    private final List<Attachment> attachments = new ArrayList<>();
    private final Deque<Section> ahead = new ArrayDeque<>(List.of(Section.values()));
    private Optional<Section> current = Optional.empty();

    ExportLines(ZipOutputStream zip) {
        this.zip = zip;
    }

    /** Where the content of an attachment stands in the archive. */
    static String file(Attachment attachment) {
        return "attachments/" + attachment.id().value();
    }

    List<Attachment> attachments() {
        return attachments;
    }

    /** How many lines each file has, by its name. */
    SequencedMap<String, Long> counts() {
        return counts;
    }

    /** Ends the last file, and writes those in which nothing is. */
    void end() throws IOException {
        begin(Section.EVENTS);
        zip.closeEntry();
    }

    private void begin(Section wanted) throws IOException {
        while (!current.equals(Optional.of(wanted))) {
            if (ahead.isEmpty()) {
                throw new IllegalStateException("the journal shows " + wanted.word() + " too late");
            }
            if (current.isPresent()) {
                zip.closeEntry();
            }
            Section next = ahead.remove();
            zip.putNextEntry(new ZipEntry(next.word() + ".jsonl"));
            counts.put(next.word(), 0L);
            current = Optional.of(next);
        }
    }

    private void line(Section section, JsonNode node) throws IOException {
        line(section, JsonFields.text(node));
    }

    private void line(Section section, String json) throws IOException {
        begin(section);
        zip.write(json.getBytes(StandardCharsets.UTF_8));
        zip.write(LINE_END);
        counts.merge(section.word(), 1L, Long::sum);
    }

    @Override
    public void thread(ThreadRecord thread) throws IOException {
        line(
                Section.THREADS,
                JsonFields.object()
                        .put("thread", thread.id().value())
                        .put("title", thread.title())
                        .put("agent", thread.agent())
                        .put("createdAt", thread.createdAt().toString())
                        .put("updatedAt", thread.updatedAt().toString()));
    }

    @Override
    public void message(MessageRecord message) throws IOException {
        ObjectNode node = JsonFields.object()
                .put("thread", message.thread().value())
                .put("id", message.id())
                .put("run", message.run().value())
                .put("role", message.role().name().toLowerCase(Locale.ROOT))
                .put("agent", message.agent())
                .put("text", message.text())
                .put("at", message.at().toString());
        node.set("attachments", AttachmentsJson.encode(message.attachments()));
        line(Section.MESSAGES, node);
    }

    @Override
    public void run(RunRecord run) throws IOException {
        ObjectNode node = JsonFields.object()
                .put("run", run.id().value())
                .put("thread", run.thread().value())
                .put("agent", run.agent())
                .put("state", word(run.state()))
                .put("acceptedAt", run.acceptedAt().toString());
        run.code().ifPresent(code -> node.put("code", code));
        run.startedAt().ifPresent(at -> node.put("startedAt", at.toString()));
        run.endedAt().ifPresent(at -> node.put("endedAt", at.toString()));
        ArrayNode questions = node.putArray("questions");
        for (OpenQuestion question : run.questions()) {
            ObjectNode asked = questions.addObject()
                    .put("id", question.id())
                    .put("kind", word(question.kind()))
                    .put("text", question.text())
                    .put("expiresAt", question.expiresAt().toString());
            ArrayNode options = asked.putArray("options");
            question.options().forEach(options::add);
        }
        line(Section.RUNS, node);
    }

    @Override
    public void request(RequestRecord request) throws IOException {
        ObjectNode node = JsonFields.object()
                .put("request", request.id().toString())
                .put("run", request.receipt().run().value())
                .put("thread", request.receipt().thread().value())
                .put("sequence", request.receipt().position().sequence());
        node.set("body", BodyJson.tree(request.body()));
        line(Section.REQUESTS, node);
    }

    @Override
    public void attachment(Attachment attachment) throws IOException {
        attachments.add(attachment);
        line(
                Section.ATTACHMENTS,
                JsonFields.object()
                        .put("id", attachment.id().value())
                        .put("name", attachment.name())
                        .put("mediaType", attachment.mediaType())
                        .put("bytes", attachment.bytes())
                        .put("file", file(attachment)));
    }

    @Override
    public void text(RecordChange.StoreKey key, String text) throws IOException {
        line(
                Section.TEXTS,
                JsonFields.object()
                        .put("plugin", key.plugin())
                        .put("name", key.name())
                        .put("text", text));
    }

    @Override
    public void event(UserEvent event) throws IOException {
        // The event is one line of JSON already, and need not be read to be written again.
        String head = JsonFields.text(JsonFields.object()
                .put("sequence", event.sequence())
                .put("thread", event.thread().value())
                .put("run", event.run().value()));
        line(Section.EVENTS, head.substring(0, head.length() - 1) + ",\"event\":" + event.json() + "}");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
