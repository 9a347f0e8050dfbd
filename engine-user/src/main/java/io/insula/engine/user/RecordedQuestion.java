package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.engine.api.AnswerRequest.Content;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question as a script keeps it.
 *
 * @param id the id under which it was asked first
 * @param expiresAt when it can no longer be answered, however often it is asked again
 */
record RecordedQuestion(String id, Instant expiresAt) {
    private static final String EXPIRED = "expired";
    private static final String APPROVAL = "approval\n";
    private static final String WORDS = "words\n";
    private static final String FILES = "files\n";

    String written() {
        return id + " " + expiresAt;
    }

    static RecordedQuestion read(String written) {
        int space = written.indexOf(' ');
        return new RecordedQuestion(written.substring(0, space), Instant.parse(written.substring(space + 1)));
    }

    static String expired() {
        return EXPIRED;
    }

    static String answered(QuestionDesk.Reply reply) {
        return switch (reply.content()) {
            case Content.Approval(boolean approved) -> APPROVAL + approved;
            case Content.Words(String text) -> WORDS + text;
            case Content.Files files -> FILES + files(reply.attachments());
        };
    }

    /** One line for each part: neither names nor types of files have line breaks. */
    private static String files(List<Attachment> attachments) {
        StringBuilder lines = new StringBuilder();
        for (Attachment file : attachments) {
            lines.append(file.id()).append('\n').append(file.bytes()).append('\n');
            lines.append(file.mediaType()).append('\n').append(file.name()).append('\n');
        }
        return lines.toString();
    }

    /** The answer that is kept; empty if the question expired. */
    static Optional<QuestionDesk.Reply> reply(String kept) {
        if (kept.equals(EXPIRED)) {
            return Optional.empty();
        }
        if (kept.startsWith(APPROVAL)) {
            boolean approved = Boolean.parseBoolean(kept.substring(APPROVAL.length()));
            return Optional.of(new QuestionDesk.Reply(new Content.Approval(approved), List.of()));
        }
        if (kept.startsWith(WORDS)) {
            return Optional.of(new QuestionDesk.Reply(new Content.Words(kept.substring(WORDS.length())), List.of()));
        }
        List<Attachment> files = readFiles(kept.substring(FILES.length()));
        return Optional.of(new QuestionDesk.Reply(
                new Content.Files(files.stream().map(Attachment::id).toList()), files));
    }

    private static List<Attachment> readFiles(String kept) {
        String[] lines = kept.split("\n", -1);
        List<Attachment> files = new ArrayList<>();
        for (int i = 0; i + 3 < lines.length; i += 4) {
            files.add(new Attachment(
                    new AttachmentId(lines[i]), lines[i + 3], lines[i + 2], Long.parseLong(lines[i + 1])));
        }
        return files;
    }
}
