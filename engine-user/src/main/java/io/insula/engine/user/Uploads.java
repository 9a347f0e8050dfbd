package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in a user's files, as far as the user's share reaches. */
final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    private static final int MAX_NAME = 255;
    private static final int MAX_MEDIA_TYPE = 127;

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RoomErasure erasure;
    /** Who waits for a record to be durable. Guarded by {@link #lock}. */
    private final Map<AttachmentId, CompletableFuture<Boolean>> waiting = new OccasionalMap<>();
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
            long bytes = write(id, content, share);
            Attachment attachment = new Attachment(id, WellFormed.text(name), mediaType, bytes);
            record(attachment);
            return attachment;
        } finally {
            share.giveBack();
            lock.run(() -> incomingFiles--);
        }
    }

    private long write(AttachmentId id, InputStream content, Share share) throws RefusedException, IOException {
        try {
            return parts.attachments().write(user, id, content, share::take);
        } catch (AttachmentFolder.BrokenContentException broken) {
            throw broken;
        } catch (IOException failure) {
            LOG.error("attachment cannot be kept", failure);
            throw new RefusedException(
                    ErrorCode.JOURNAL_UNAVAILABLE, "The file cannot be kept at the moment. Try again.");
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
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        // Under the lock: what is appended after an erase would be written into the user's next life.
        boolean isErased = lock.call(() -> {
            if (erasure.isBegun()) {
                return true;
            }
            waiting.put(attachment.id(), written);
            parts.journal()
                    .append(user, new JournalAppend().change(new RecordChange.AttachmentSaved(attachment)))
                    .whenComplete((place, failure) -> written.complete(place != null));
            return false;
        });
        if (isErased) {
            parts.attachments().delete(user, attachment.id());
            throw RoomErasure.refusal();
        }
        try {
            if (!written.join()) {
                parts.attachments().delete(user, attachment.id());
                throw Refusals.journalUnavailable();
            }
        } catch (CompletionException unknown) {
            // The file stays: its record may be there when the journal is.
            throw Refusals.journalUnavailable();
        } finally {
            lock.run(() -> waiting.remove(attachment.id()));
        }
    }

    /** Has nobody wait any longer for a journal of which nobody knows when it will be back. */
    void letGo() {
        List<CompletableFuture<Boolean>> left = lock.call(() -> List.copyOf(waiting.values()));
        left.forEach(written -> written.completeExceptionally(
                EventJournal.JournalException.ofJournal("nobody knows whether it is written")));
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
