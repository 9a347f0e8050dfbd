package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Uploads in pieces of one user, in memory. What arrives counts as received, byte by byte. */
final class RecordedUploads {
    static final Instant EXPIRES_AT = Instant.parse("2026-11-02T12:00:00Z");

    private final Map<AttachmentId, Incoming> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();

    /** An upload. Guarded by itself. */
    private static final class Incoming {
        private final Attachment file;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private int pieces;

        Incoming(Attachment file) {
            this.file = file;
        }

        synchronized Upload view() {
            boolean whole = content.size() == file.bytes();
            return new Upload(
                    file.id(),
                    file.name(),
                    file.mediaType(),
                    content.size(),
                    file.bytes(),
                    whole ? Optional.empty() : Optional.of(EXPIRES_AT),
                    whole ? Optional.of(file) : Optional.empty());
        }

        /** Begins a piece, and gives its number. */
        synchronized int begin(long offset) throws RefusedException {
            if (offset != content.size()) {
                throw new RefusedException(
                        ErrorCode.UPLOAD_OFFSET, "The upload has " + content.size() + " bytes. Go on there.");
            }
            return ++pieces;
        }

        /** Takes in a byte of a piece, and says whether more are to come. */
        synchronized boolean take(int piece, int next) throws RefusedException {
            if (piece != pieces) {
                throw new RefusedException(ErrorCode.UPLOAD_OFFSET, "Another request goes on with the upload.");
            }
            content.write(next);
            return content.size() < file.bytes();
        }
    }

    Upload begin(String name, String mediaType, long bytes) throws RefusedException {
        if (bytes > RecordedUser.ATTACHMENT_BYTES) {
            throw new RefusedException(ErrorCode.ATTACHMENT_TOO_LARGE, "The file is too large.");
        }
        AttachmentId id = new AttachmentId("u" + begun.incrementAndGet());
        Incoming upload = new Incoming(new Attachment(id, name, mediaType, bytes));
        uploads.put(id, upload);
        return upload.view();
    }

    Upload read(AttachmentId id) throws RefusedException {
        return require(id).view();
    }

    private Incoming require(AttachmentId id) throws RefusedException {
        Incoming upload = uploads.get(id);
        if (upload == null) {
            throw new RefusedException(ErrorCode.UPLOAD_UNKNOWN, "There is no such upload.");
        }
        return upload;
    }

    Upload append(AttachmentId id, long offset, InputStream content) throws RefusedException, IOException {
        Incoming upload = require(id);
        int piece = upload.begin(offset);
        boolean more = upload.view().attachment().isEmpty();
        while (more) {
            int next = content.read();
            more = next >= 0 && upload.take(piece, next);
        }
        return upload.view();
    }

    void cancel(AttachmentId id) throws RefusedException {
        boolean whole = require(id).view().attachment().isPresent();
        if (whole) {
            throw new RefusedException(ErrorCode.UPLOAD_UNKNOWN, "There is no such upload.");
        }
        uploads.remove(id);
    }

    /** What has come of an upload. */
    byte[] content(AttachmentId id) {
        Incoming upload = uploads.get(id);
        return upload == null ? new byte[0] : upload.content.toByteArray();
    }
}
