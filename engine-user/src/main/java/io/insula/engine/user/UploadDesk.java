package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.Upload;
import io.insula.engine.user.OpenUploads.Announced;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in a user's files, in one go or piece by piece. Keeps nothing itself: an upload is in its files until all has
 * come, and then in the journal, under the same id. So whoever finds all bytes and no attachment makes it one, however
 * often that was tried before, and nobody can make two.
 */
final class UploadDesk {
    private static final Logger LOG = LoggerFactory.getLogger(UploadDesk.class);
    private static final int READ_BYTES = 64 << 10;

    private final UserId user;
    private final RoomParts parts;
    private final RoomErasure erasure;
    private final RoomDoor door;
    private final Uploads uploads;
    private final UploadFiles files;

    UploadDesk(UserId user, RoomParts parts, RoomErasure erasure, RoomDoor door, Uploads uploads) {
        this.user = user;
        this.parts = parts;
        this.erasure = erasure;
        this.door = door;
        this.uploads = uploads;
        this.files = parts.attachments().uploads();
    }

    // ---- what is asked for

    Attachment attach(String name, String mediaType, InputStream content) throws RefusedException, IOException {
        Uploads.checkName(name);
        Uploads.checkMediaType(mediaType);
        erasure.enterFiles();
        try {
            return files.open(user, open -> {
                count(open);
                return uploads.store(name, mediaType, content, open);
            });
        } finally {
            erasure.leaveFiles();
        }
    }

    Upload begin(String name, String mediaType, long bytes) throws RefusedException {
        Uploads.checkName(name);
        Uploads.checkMediaType(mediaType);
        if (bytes < 0) {
            throw new RefusedException(ErrorCode.FIELD_INVALID, "A file has 0 bytes or more.");
        }
        uploads.checkSize(bytes);
        AttachmentId id = new AttachmentId(parts.identity().next());
        Attachment file = new Attachment(id, WellFormed.text(name), mediaType, bytes);
        return work(open -> open.call(() -> begin(open, file)));
    }

    Upload read(AttachmentId id) throws RefusedException {
        return work(open -> open.call(() -> read(open, id)));
    }

    Upload append(AttachmentId id, long offset, InputStream content) throws RefusedException, IOException {
        Taken taken = work(open -> append(open, id, offset, content));
        if (taken.broken().isPresent()) {
            throw taken.broken().get();
        }
        return taken.upload();
    }

    void cancel(AttachmentId id) throws RefusedException {
        Upload _ = work(open -> open.call(() -> cancel(open, id)));
    }

    private <T> T work(UploadFiles.Work<T> work) throws RefusedException {
        erasure.enterFiles();
        try {
            return files.open(user, work);
        } catch (IOException failure) {
            throw unkept(failure);
        } finally {
            erasure.leaveFiles();
        }
    }

    private static RefusedException unkept(IOException failure) {
        LOG.error("upload cannot be kept", failure);
        return Uploads.unkept();
    }

    private static RefusedException unknown() {
        return new RefusedException(
                ErrorCode.UPLOAD_UNKNOWN,
                "There is no such upload: it was cancelled, or has expired. Begin a new one.");
    }

    // ---- what there is

    /** Counts what uploads take of the user's share that are not whole, before something else asks for some of it. */
    private void count(OpenUploads open) throws RefusedException {
        try {
            open.run(() -> open.announce(Announced.of(unfinished(open))));
        } catch (IOException failure) {
            throw unkept(failure);
        }
    }

    /** The uploads that wait for bytes. What is there no longer is removed, and what is whole becomes an attachment. */
    private List<UploadNote> unfinished(OpenUploads open) throws RefusedException, IOException {
        List<UploadNote> unfinished = new ArrayList<>();
        List<UploadNote> notes = files.all(user);
        String epoch = notes.isEmpty() ? "" : epoch();
        for (UploadNote note : notes) {
            if (note.isGone(epoch, parts.now())) {
                remove(open, note);
            } else if (note.isWhole()) {
                finish(note);
            } else {
                unfinished.add(note);
            }
        }
        return unfinished;
    }

    private String epoch() {
        return parts.journal().bounds(user).epoch();
    }

    private void remove(OpenUploads open, UploadNote note) throws IOException {
        open.end(note.file().id(), unknown());
        files.delete(note);
    }

    private Upload read(OpenUploads open, AttachmentId id) throws RefusedException, IOException {
        Optional<Attachment> whole = parts.journal().attachment(user, id);
        if (whole.isPresent()) {
            // It may be there still, if the process was killed, or nobody knew for a while what the journal has.
            files.forget(user, id);
            return view(whole.get());
        }
        open.sync(id);
        UploadNote note = require(open, id);
        if (!note.isWhole()) {
            return note.view();
        }
        Upload finished = finish(note);
        recount(open);
        return finished;
    }

    private UploadNote require(OpenUploads open, AttachmentId id) throws RefusedException, IOException {
        UploadNote note = files.find(user, id).orElseThrow(UploadDesk::unknown);
        if (note.isGone(epoch(), parts.now())) {
            remove(open, note);
            recount(open);
            throw unknown();
        }
        return note;
    }

    private void recount(OpenUploads open) throws IOException {
        open.announce(Announced.of(files.all(user)));
    }

    private static Upload view(Attachment whole) {
        return new Upload(
                whole.id(),
                whole.name(),
                whole.mediaType(),
                whole.bytes(),
                whole.bytes(),
                Optional.empty(),
                Optional.of(whole));
    }

    // ---- how one begins and ends

    private Upload begin(OpenUploads open, Attachment file) throws RefusedException, IOException {
        List<UploadNote> there = unfinished(open);
        int most = parts.limits().user().unfinishedUploads();
        if (there.size() >= most) {
            throw new RefusedException(
                    ErrorCode.UPLOADS_FULL,
                    "You have " + most + " uploads that are not whole. Send the rest of one, or cancel one.");
        }
        long toCome = there.stream().mapToLong(note -> note.file().bytes() - note.received()).sum();
        if (files.freeBytes(user) < toCome + file.bytes()) {
            LOG.warn("upload refused: the disk has no room for it");
            throw Uploads.unkept();
        }
        UploadNote note = new UploadNote(
                user, epoch(), file, 0, parts.now().plus(parts.limits().user().uploadExpiry()));
        List<UploadNote> then = new ArrayList<>(there);
        then.add(note);
        uploads.announce(open, Announced.of(then));
        boolean begun = false;
        try {
            files.create(note);
            begun = true;
        } finally {
            if (!begun) {
                open.announce(Announced.of(there));
            }
        }
        return read(open, file.id());
    }

    /** Makes an attachment of what has come whole: once, however often it is tried. */
    private Upload finish(UploadNote note) throws RefusedException, IOException {
        Attachment file = note.file();
        if (parts.journal().attachment(user, file.id()).isEmpty()) {
            // First the file, so that there is no attachment that cannot be read.
            files.makeWhole(note);
            if (uploads.record(file, door::isClosed) != Uploads.Recorded.WRITTEN) {
                door.requireOpen();
                throw Refusals.journalUnavailable();
            }
        }
        files.forget(user, file.id());
        return view(file);
    }

    /** Says what it was. */
    private Upload cancel(OpenUploads open, AttachmentId id) throws RefusedException, IOException {
        Upload there = read(open, id);
        if (there.attachment().isPresent()) {
            throw unknown();
        }
        remove(open, require(open, id));
        recount(open);
        return there;
    }

    // ---- a piece

    /** What came of a piece, and what its content failed of, if it did. */
    private record Taken(Upload upload, Optional<IOException> broken) {}

    private Taken append(OpenUploads open, AttachmentId id, long offset, InputStream content)
            throws RefusedException, IOException {
        Optional<UploadPiece> piece = open.call(() -> beginPiece(open, id, offset));
        Optional<IOException> broken = Optional.empty();
        if (piece.isPresent()) {
            boolean over = false;
            try {
                broken = receive(open, piece.get(), content);
                over = true;
            } finally {
                if (!over) {
                    end(open, piece.get());
                }
            }
        }
        return new Taken(open.call(() -> endPiece(open, id, piece)), broken);
    }

    /** Begins a piece; empty if the upload is whole. */
    private Optional<UploadPiece> beginPiece(OpenUploads open, AttachmentId id, long offset)
            throws RefusedException, IOException {
        Upload now = read(open, id);
        if (offset != now.received()) {
            throw new RefusedException(
                    ErrorCode.UPLOAD_OFFSET, "The upload has " + now.received() + " bytes. Go on there.");
        }
        if (now.attachment().isPresent()) {
            return Optional.empty();
        }
        open.end(id, new RefusedException(ErrorCode.UPLOAD_OFFSET, "Another request goes on with the upload."));
        return Optional.of(open.begin(require(open, id)));
    }

    private Optional<IOException> receive(OpenUploads open, UploadPiece piece, InputStream content)
            throws RefusedException, IOException {
        byte[] buffer = new byte[READ_BYTES];
        long left = open.call(piece::left);
        while (left > 0) {
            int read;
            try {
                read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            } catch (IOException broken) {
                return Optional.of(broken);
            }
            if (read < 0) {
                return Optional.empty();
            }
            left = open.call(() -> take(piece, ByteBuffer.wrap(buffer, 0, read)));
        }
        return Optional.empty();
    }

    /** Takes in what was read, and says how much is to come. */
    private long take(UploadPiece piece, ByteBuffer read) throws RefusedException, IOException {
        door.requireOpen();
        if (!parts.now().isBefore(piece.expiresAt())) {
            throw unknown();
        }
        piece.write(read);
        return piece.left();
    }

    private Upload endPiece(OpenUploads open, AttachmentId id, Optional<UploadPiece> piece)
            throws RefusedException, IOException {
        if (piece.isPresent()) {
            open.end(piece.get());
        }
        return read(open, id);
    }

    /** Keeps what has come of a piece that is refused for another reason. */
    private static void end(OpenUploads open, UploadPiece piece) {
        try {
            open.run(() -> open.end(piece));
        } catch (IOException | RefusedException failure) {
            LOG.error("end of an upload's piece could not be kept", failure);
        }
    }
}
