package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Takes in a user's files, as far as the user's share reaches. */
final class Uploads {
    private static final int MAX_NAME = 255;
    private static final int MAX_MEDIA_TYPE = 127;

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RoomErasure erasure;
    /** Files that are coming in, or whose record is not durable yet. Guarded by {@link #lock}. */
    private int incomingFiles;

    /** Bytes of files that are coming in, or whose record is not durable yet. Guarded by {@link #lock}. */
    private long incoming;

    Uploads(UserId user, RoomLock lock, RoomParts parts, RoomErasure erasure) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.erasure = erasure;
    }

    Attachment take(String name, String mediaType, InputStream content) throws RefusedException, IOException {
        checkName(name);
        checkMediaType(mediaType);
        erasure.enterFiles();
        try {
            return store(name, mediaType, content);
        } finally {
            erasure.leaveFiles();
        }
    }

    private Attachment store(String name, String mediaType, InputStream content) throws RefusedException, IOException {
        AttachmentId id = new AttachmentId(parts.identity().next());
        takePlace();
        Share share = new Share();
        try {
            long bytes = parts.attachments().write(user, id, content, share::take);
            Attachment attachment = new Attachment(id, WellFormed.text(name), mediaType, bytes);
            record(attachment);
            return attachment;
        } finally {
            share.giveBack();
            lock.run(() -> incomingFiles--);
        }
    }

    private void takePlace() throws RefusedException {
        int most = parts.limits().user().attachments();
        boolean fits = lock.call(() -> {
            if (parts.journal().attachmentsCount(user) + incomingFiles >= most) {
                return false;
            }
            incomingFiles++;
            return true;
        });
        if (!fits) {
            throw new RefusedException(ErrorCode.ATTACHMENTS_FULL, "You have at most " + most + " attachments.");
        }
    }

    private void record(Attachment attachment) throws RefusedException, IOException {
        // Under the lock: what is appended after an erase would be written into the user's next life.
        Optional<CompletionStage<EventJournal.Appended>> written = lock.call(() -> erasure.isBegun()
                ? Optional.empty()
                : Optional.of(parts.journal()
                        .append(user, new JournalAppend().change(new RecordChange.AttachmentSaved(attachment)))));
        if (written.isEmpty()) {
            parts.attachments().delete(user, attachment.id());
            throw RoomErasure.refusal();
        }
        try {
            written.get().toCompletableFuture().join();
        } catch (CompletionException failure) {
            parts.attachments().delete(user, attachment.id());
            throw Refusals.journalUnavailable();
        }
    }

    /** What one file has taken of the user's share. */
    private final class Share {
        private long taken;

        void take(int bytes) throws RefusedException {
            erasure.check();
            long one = parts.limits().user().attachmentBytes();
            if (taken + bytes > one) {
                throw new RefusedException(
                        ErrorCode.ATTACHMENT_TOO_LARGE, "An attachment has at most " + one + " bytes.");
            }
            long all = parts.limits().user().attachmentsBytes();
            boolean fits = lock.call(() -> {
                if (parts.journal().attachmentsBytes(user) + incoming + bytes > all) {
                    return false;
                }
                incoming += bytes;
                return true;
            });
            if (!fits) {
                throw new RefusedException(
                        ErrorCode.ATTACHMENTS_FULL, "Your attachments have at most " + all + " bytes together.");
            }
            taken += bytes;
        }

        void giveBack() {
            lock.run(() -> incoming -= taken);
        }
    }

    private static void checkName(String name) throws RefusedException {
        boolean bad = name.isBlank()
                || name.length() > MAX_NAME
                || name.indexOf('/') >= 0
                || name.indexOf('\\') >= 0
                || name.chars().anyMatch(Character::isISOControl);
        if (bad) {
            throw new RefusedException(
                    ErrorCode.FIELD_INVALID,
                    "A file name has 1 to " + MAX_NAME + " characters, without slashes and control characters.");
        }
    }

    private static void checkMediaType(String mediaType) throws RefusedException {
        boolean bad = mediaType.isBlank()
                || mediaType.length() > MAX_MEDIA_TYPE
                || mediaType.chars().anyMatch(c -> c < 0x20 || c > 0x7e);
        if (bad) {
            throw new RefusedException(
                    ErrorCode.FIELD_INVALID,
                    "A media type has 1 to " + MAX_MEDIA_TYPE + " printable ASCII characters.");
        }
    }
}
