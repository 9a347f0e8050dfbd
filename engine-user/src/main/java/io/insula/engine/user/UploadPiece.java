package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Optional;

/** A piece of an upload that is coming in. Guarded by the lock of its {@link OpenUploads}. */
final class UploadPiece {
    /** How much is written before it is synced: more is lost when the process is killed, and sent again. */
    private static final long SYNC_BYTES = 4L << 20;

    private final UploadFiles files;
    private final FileChannel bytes;
    /** As it stands on the disk. */
    private UploadNote note;

    private long written;
    private boolean over;
    private Optional<RefusedException> refusal = Optional.empty();

    UploadPiece(UploadFiles files, UploadNote note, FileChannel bytes) {
        this.files = files;
        this.note = note;
        this.bytes = bytes;
        this.written = note.received();
    }

    AttachmentId upload() {
        return note.file().id();
    }

    Instant expiresAt() {
        return note.expiresAt();
    }

    /** How many bytes of the upload are to come. */
    long left() {
        return note.file().bytes() - written;
    }

    /**
     * Writes what has come.
     *
     * @throws RefusedException if the piece was ended by somebody else
     */
    void write(ByteBuffer more) throws RefusedException, IOException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        boolean whole = false;
        try {
            int length = more.remaining();
            UploadFiles.write(bytes, more);
            written += length;
            whole = true;
        } finally {
            if (!whole) {
                giveUp();
            }
        }
        if (written - note.received() >= SYNC_BYTES) {
            sync();
        }
    }

    /** Brings what was written to the disk, and then notes how much it is. */
    void sync() throws IOException {
        if (over || written == note.received()) {
            return;
        }
        boolean whole = false;
        try {
            bytes.force(true);
            note = files.count(note, written);
            whole = true;
        } finally {
            if (!whole) {
                giveUp();
            }
        }
    }

    /** Ends with what has come; whoever still writes is told why, if it was somebody else's doing. */
    void end(Optional<RefusedException> why) throws IOException {
        refusal = why;
        try {
            sync();
        } finally {
            over = true;
            bytes.close();
        }
    }

    /** After a failure nothing is assumed of what was written and not noted: another sync would say that all is well. */
    private void giveUp() throws IOException {
        over = true;
        refusal = Optional.of(Uploads.unkept());
        bytes.close();
    }
}
