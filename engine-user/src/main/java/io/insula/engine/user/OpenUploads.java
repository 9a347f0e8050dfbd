package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is under way with the uploads of one user, in this room of the user or in one that was closed before. There is one
 * while somebody is at work with them, and none otherwise: an upload that waits for its next piece is in files alone.
 *
 * <p>Everything that is done with those files is done under the lock here, which is taken before the room's and never
 * behind it. Nobody waits for a peer under it, but for the disk and the journal.
 */
final class OpenUploads {
    private final UploadFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    /** Pieces that are coming in. Guarded by {@link #lock}. */
    private final Map<AttachmentId, UploadPiece> pieces = new HashMap<>();
    /** Counted anew under {@link #lock}, and read without. */
    private volatile Announced announced = new Announced(0, 0);
    /** How many are at work. Guarded by the map that holds this. */
    private int holders;

    OpenUploads(UploadFiles files) {
        this.files = files;
    }

    /** What unfinished uploads take of the user's share, as if they had come whole. */
    record Announced(int files, long bytes) {
        static Announced of(List<UploadNote> notes) {
            return new Announced(
                    notes.size(),
                    notes.stream().mapToLong(note -> note.file().bytes()).sum());
        }
    }

    /** Is done under the lock. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws RefusedException, IOException;
    }

    /** Is done under the lock, for what it does. */
    @FunctionalInterface
    interface Task {
        void perform() throws RefusedException, IOException;
    }

    OpenUploads entered() {
        holders++;
        return this;
    }

    /** Whether nobody is at work any more. */
    boolean left() {
        holders--;
        return holders == 0;
    }

    <T> T call(Work<T> work) throws RefusedException, IOException {
        lock.lock();
        try {
            return work.done();
        } finally {
            lock.unlock();
        }
    }

    void run(Task task) throws RefusedException, IOException {
        lock.lock();
        try {
            task.perform();
        } finally {
            lock.unlock();
        }
    }

    Announced announced() {
        return announced;
    }

    void announce(Announced now) {
        requireHeld();
        announced = now;
    }

    // ---- pieces that are coming in

    /** Begins to take in a piece; there is none of the same upload. */
    UploadPiece begin(UploadNote note) throws IOException {
        requireHeld();
        UploadPiece piece = new UploadPiece(files, note, files.openBytes(note));
        pieces.put(note.file().id(), piece);
        return piece;
    }

    /** Syncs what has come of a piece of this upload, if one is coming in. */
    void sync(AttachmentId upload) throws IOException {
        requireHeld();
        UploadPiece piece = pieces.get(upload);
        if (piece != null) {
            piece.sync();
        }
    }

    /** Ends the piece of this upload that is coming in, if there is one; it is refused with its next bytes. */
    void end(AttachmentId upload, RefusedException why) throws IOException {
        requireHeld();
        UploadPiece piece = pieces.remove(upload);
        if (piece != null) {
            piece.end(Optional.of(why));
        }
    }

    /** A piece comes to its end by itself. */
    void end(UploadPiece piece) throws IOException {
        requireHeld();
        pieces.remove(piece.upload(), piece);
        piece.end(Optional.empty());
    }

    private void requireHeld() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("the lock of the user's uploads is not held");
        }
    }
}
