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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What files take of a user's share, and how the journal comes to know of them. */
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

    /** Takes a file in, whose name and type were checked, whole or not at all. */
    Attachment store(String name, String mediaType, InputStream content, OpenUploads open)
            throws RefusedException, IOException {
        AttachmentId id = new AttachmentId(parts.identity().next());
        takePlace(open);
        Share share = new Share(open);
        try {
            long bytes = write(id, content, share);
            Attachment attachment = new Attachment(id, WellFormed.text(name), mediaType, bytes);
            keep(attachment);
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
            throw unkept();
        }
    }

    static RefusedException unkept() {
        return new RefusedException(
                ErrorCode.JOURNAL_UNAVAILABLE, "The file cannot be kept at the moment. Try again.");
    }

    private void takePlace(OpenUploads open) throws RefusedException {
        boolean fits = lock.call(() -> {
            if (hasPlaces(open.announced().files() + 1)) {
                incomingFiles++;
                return true;
            }
            return false;
        });
        if (!fits) {
            throw tooMany();
        }
    }

    /** Whether so many files more may come than are there and coming. */
    private boolean hasPlaces(int more) {
        lock.requireHeld();
        return parts.journal().attachmentsCount(user) + incomingFiles + more <= parts.limits().user().attachments();
    }

    /** Whether so many bytes more may come than are there and coming. */
    private boolean hasRoom(long more) {
        lock.requireHeld();
        return parts.journal().attachmentsBytes(user) + incoming + more <= parts.limits().user().attachmentsBytes();
    }

    private RefusedException tooMany() {
        return new RefusedException(
                ErrorCode.ATTACHMENTS_FULL,
                "You have at most " + parts.limits().user().attachments() + " attachments.");
    }

    private RefusedException tooLargeTogether() {
        return new RefusedException(
                ErrorCode.ATTACHMENTS_FULL,
                "Your attachments have at most " + parts.limits().user().attachmentsBytes() + " bytes together.");
    }

    void checkSize(long bytes) throws RefusedException {
        long most = parts.limits().user().attachmentBytes();
        if (bytes > most) {
            throw new RefusedException(
                    ErrorCode.ATTACHMENT_TOO_LARGE, "An attachment has at most " + most + " bytes.");
        }
    }

    /** Has unfinished uploads take this of the user's share, if there is so much left. */
    void announce(OpenUploads open, OpenUploads.Announced then) throws RefusedException {
        Optional<RefusedException> refusal = lock.call(() -> {
            if (!hasPlaces(then.files())) {
                return Optional.of(tooMany());
            }
            if (!hasRoom(then.bytes())) {
                return Optional.of(tooLargeTogether());
            }
            open.announce(then);
            return Optional.<RefusedException>empty();
        });
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    /** What came of the wish that the journal keeps a file. */
    enum Recorded {
        /** It does. */
        WRITTEN,
        /** It does not. */
        UNWRITTEN,
        /** It was not asked, and must not be any more. */
        TOO_LATE,
        /** Nobody knows. */
        UNKNOWN
    }

    private void keep(Attachment attachment) throws RefusedException, IOException {
        switch (record(attachment, erasure::isBegun)) {
            case WRITTEN -> {}
            case UNWRITTEN -> {
                parts.attachments().delete(user, attachment.id());
                throw Refusals.journalUnavailable();
            }
            case TOO_LATE -> {
                parts.attachments().delete(user, attachment.id());
                throw RoomErasure.refusal();
            }
            // The file stays: its record may be there when the journal is.
            case UNKNOWN -> throw Refusals.journalUnavailable();
        }
    }

    /**
     * Has the journal keep a file that is there, and waits for it.
     *
     * @param isTooLate asked under the lock: what is appended after an erase would be written into the user's next life
     */
    Recorded record(Attachment attachment, BooleanSupplier isTooLate) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        boolean asked = lock.call(() -> {
            if (isTooLate.getAsBoolean()) {
                return false;
            }
            waiting.put(attachment.id(), written);
            parts.journal()
                    .append(user, new JournalAppend().change(new RecordChange.AttachmentSaved(attachment)))
                    .whenComplete((place, failure) -> written.complete(place != null));
            return true;
        });
        if (!asked) {
            return Recorded.TOO_LATE;
        }
        try {
            return written.join() ? Recorded.WRITTEN : Recorded.UNWRITTEN;
        } catch (CompletionException unknown) {
            return Recorded.UNKNOWN;
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
        private final OpenUploads open;
        private long taken;

        Share(OpenUploads open) {
            this.open = open;
        }

        void take(int bytes) throws RefusedException {
            erasure.check();
            checkSize(taken + bytes);
            boolean fits = lock.call(() -> {
                if (hasRoom(open.announced().bytes() + bytes)) {
                    incoming += bytes;
                    return true;
                }
                return false;
            });
            if (!fits) {
                throw tooLargeTogether();
            }
            taken += bytes;
        }

        void giveBack() {
            lock.run(() -> incoming -= taken);
        }
    }

    static void checkName(String name) throws RefusedException {
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

    static void checkMediaType(String mediaType) throws RefusedException {
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
