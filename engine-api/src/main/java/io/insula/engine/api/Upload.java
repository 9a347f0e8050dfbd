package io.insula.engine.api;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that comes in pieces, as it stood when it was read.
 *
 * @param id its id, which is the attachment's too
 * @param name the file's name
 * @param mediaType such as {@code text/csv}
 * @param received how many bytes are safe, in a crash and when the power fails; the next piece begins there
 * @param bytes how many there will be
 * @param expiresAt when it is deleted if it is not whole; empty once it is
 * @param attachment what it has become; there if, and only if, all bytes have come
 */
public record Upload(
        AttachmentId id,
        String name,
        String mediaType,
        long received,
        long bytes,
        Optional<Instant> expiresAt,
        Optional<Attachment> attachment) {}
