package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files of users in. Blocks while it reads. */
final class AttachmentRequests {
    private static final Logger LOG = LoggerFactory.getLogger(AttachmentRequests.class);
    private static final String NAME_HEADER = "X-Insula-Name";

    private final Surroundings surroundings;
    private final EngineCalls calls;

    AttachmentRequests(Surroundings surroundings, EngineCalls calls) {
        this.surroundings = surroundings;
        this.calls = calls;
    }

    /** Answers with the attachment that the body has become. */
    void attach(Call call) throws RequestRefusedException {
        byte[] stored;
        try {
            stored = calls.work(call, UserRooms.Purpose.UPLOAD, lease -> store(call.request(), lease));
        } catch (IOException e) {
            LOG.debug("upload_broken failure={}", FailureTrace.of(e));
            throw new RequestRefusedException(
                    HttpStatus.REQUEST_TIMEOUT_408,
                    ErrorCode.REQUEST_INVALID,
                    "The file did not arrive, or too slowly; nothing was kept.");
        }
        call.answer(HttpStatus.CREATED_201, stored);
    }

    private byte[] store(Request request, UserExecutionEngine.Lease lease)
            throws RefusedException, RequestRefusedException, IOException {
        String name = fileName(request);
        String mediaType = mediaType(request);
        long mostBytes = lease.engine().limits().attachmentBytes();
        if (request.getLength() > mostBytes) {
            throw new RequestRefusedException(
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    ErrorCode.ATTACHMENT_TOO_LARGE,
                    "The file has " + request.getLength() + " bytes; at most " + mostBytes + " are taken.");
        }
        UserPlaces.cutWithEngine(lease, request);
        Attachment attachment = lease.engine().attach(name, mediaType,
                PacedInput.of(request, surroundings.limits(), surroundings.nanoTime()));
        return surroundings.bodies().stored(attachment);
    }

    private static String fileName(Request request) throws RequestRefusedException {
        List<String> values = request.getHeaders().getValuesList(NAME_HEADER);
        Optional<String> name = values.size() == 1 ? percentDecode(values.getFirst()) : Optional.empty();
        if (name.isEmpty() || !FileNames.isFileName(name.get())) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400,
                    ErrorCode.REQUEST_INVALID,
                    NAME_HEADER + " must be given once: the file's name, 1 to " + FileNames.MAX_NAME_LENGTH
                            + " characters without a path, in UTF-8, percent-encoded.");
        }
        return name.get();
    }

    private static String mediaType(Request request) throws RequestRefusedException {
        List<String> values = request.getHeaders().getValuesList(HttpHeader.CONTENT_TYPE);
        if (values.size() != 1 || !FileNames.isMediaType(values.getFirst())) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400,
                    ErrorCode.REQUEST_INVALID,
                    "Content-Type must be given once, with at most " + FileNames.MAX_MEDIA_TYPE_LENGTH
                            + " characters, such as text/csv.");
        }
        return values.getFirst();
    }

    /** Empty if it is not UTF-8, or not percent-encoded as it should be; a plus stays a plus. */
    private static Optional<String> percentDecode(String value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length());
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            if (c == '%') {
                int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
                int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) ((high << 4) | low));
                i += 3;
            } else if (c >= ' ' && c < 127) {
                bytes.put((byte) c);
                i++;
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
