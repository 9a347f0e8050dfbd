package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.Upload;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of an upload that is not an attachment yet. It says itself whose it is, because nothing else does.
 *
 * @param user whose it is
 * @param epoch the user's log when it began: what is left of an erased life is nobody's
 * @param file what it becomes
 * @param received how many of its bytes are on the disk
 * @param expiresAt from when on it is there no longer, unless it is whole
 */
record UploadNote(UserId user, String epoch, Attachment file, long received, Instant expiresAt) {
    private static final int VERSION = 1;
    /** The count stands first and always takes as many bytes, so that it can be written over. */
    private static final int COUNT_DIGITS = 19;

    boolean isWhole() {
        return received == file.bytes();
    }

    /** Whether it is there no longer: it was begun in another life of the user, or its time is over. */
    boolean isGone(String epochOfNow, Instant now) {
        return !epoch.equals(epochOfNow) || (!isWhole() && !now.isBefore(expiresAt));
    }

    UploadNote with(long bytes) {
        return new UploadNote(user, epoch, file, bytes, expiresAt);
    }

    Upload view() {
        return new Upload(
                file.id(),
                file.name(),
                file.mediaType(),
                received,
                file.bytes(),
                Optional.of(expiresAt),
                Optional.empty());
    }

    /** The line with which what is kept begins. */
    static String count(long received) {
        return String.format(Locale.ROOT, "%0" + COUNT_DIGITS + "d\n", received);
    }

    String encode() {
        return count(received)
                + JsonFields.text(JsonFields.object()
                        .put("version", VERSION)
                        .put("issuer", user.issuer())
                        .put("subject", user.subject())
                        .put("epoch", epoch)
                        .put("id", file.id().value())
                        .put("name", file.name())
                        .put("mediaType", file.mediaType())
                        .put("bytes", file.bytes())
                        .put("expiresAt", expiresAt.toString()));
    }

    /**
     * Reads what was written.
     *
     * @throws IllegalArgumentException if it was not written by {@link #encode}
     */
    static UploadNote decode(String text) {
        if (text.length() <= COUNT_DIGITS) {
            throw new IllegalArgumentException("the note of an upload is cut");
        }
        long received = Long.parseLong(text.substring(0, COUNT_DIGITS));
        JsonFields fields = JsonFields.parse(text.substring(COUNT_DIGITS));
        if (fields.number("version") != VERSION) {
            throw new IllegalArgumentException("the note of an upload is of another version");
        }
        try {
            UploadNote note = new UploadNote(
                    new UserId(fields.string("issuer"), fields.string("subject")),
                    fields.string("epoch"),
                    new Attachment(
                            new AttachmentId(fields.string("id")),
                            fields.string("name"),
                            fields.string("mediaType"),
                            fields.number("bytes")),
                    received,
                    Instant.parse(fields.string("expiresAt")));
            fields.end();
            return note;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the note of an upload has no time", e);
        }
    }
}
