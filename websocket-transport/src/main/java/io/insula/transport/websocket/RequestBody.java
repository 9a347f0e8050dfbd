package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Reads the small JSON bodies of requests. Blocks while it reads. */
final class RequestBody {
    /** The largest body that is read, where it has nothing to say that could be long. */
    static final int MAX_BYTES = 16 << 10;

    private final MessageReader reader;
    private final TransportLimits limits;
    private final LongSupplier nanoTime;

    RequestBody(Surroundings surroundings) {
        this(surroundings.reader(), surroundings.limits(), surroundings.nanoTime());
    }

    RequestBody(MessageReader reader, TransportLimits limits, LongSupplier nanoTime) {
        this.reader = reader;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** The members of the body, of which there may be these. */
    MessageMembers read(Request request, int mostBytes, List<String> known) throws RequestRefusedException {
        try {
            return reader.readBody(text(request, mostBytes), known);
        } catch (UnreadableMessage e) {
            throw refused(e);
        }
    }

    /** What is wrong with a member, as an answer to the request. */
    static RequestRefusedException refused(UnreadableMessage e) {
        return new RequestRefusedException(HttpStatus.BAD_REQUEST_400, e.code(), e.getMessage());
    }

    private String text(Request request, int mostBytes) throws RequestRefusedException {
        byte[] bytes;
        try {
            InputStream content = PacedInput.of(request, limits, nanoTime);
            bytes = content.readNBytes(mostBytes + 1);
        } catch (IOException e) {
            throw new RequestRefusedException(
                    HttpStatus.REQUEST_TIMEOUT_408,
                    ErrorCode.REQUEST_INVALID,
                    "The body did not arrive, or too slowly.");
        }
        if (bytes.length > mostBytes) {
            throw new RequestRefusedException(
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The body has at most " + mostBytes + " bytes.");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.MESSAGE_INVALID, "The body is not UTF-8.");
        }
    }
}
