package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive as the body of a response. Its head is told with the first bytes: until then the request can be refused.
 * Afterwards a failure cuts the connection, so that nobody takes half an archive for a whole one.
 */
final class ArchiveResponse extends FilterOutputStream {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveResponse.class);

    private final Response response;
    private final String name;
    private boolean begun;

    private ArchiveResponse(Response response, String name) {
        super(Content.Sink.asOutputStream(response));
        this.response = response;
        this.name = name;
    }

    /** Writes an archive. */
    @FunctionalInterface
    interface Writer {
        void write(OutputStream target) throws RefusedException, IOException;
    }

    /** Answers with what is written. Blocks until it is taken, or until the peer takes it too slowly. */
    static void answer(
            Response response,
            Callback callback,
            String name,
            TransportLimits limits,
            LongSupplier nanoTime,
            Writer writer)
            throws RequestRefusedException {
        var archive = new ArchiveResponse(response, name);
        try {
            writer.write(new PacedOutput(
                    archive, limits.http().uploadBytesPerSecond(), limits.times().handshake(), nanoTime));
            archive.close();
            callback.succeeded();
        } catch (RefusedException why) {
            if (!archive.begun) {
                throw RequestRefusedException.of(why);
            }
            callback.failed(why);
        } catch (IOException e) {
            LOG.debug("archive_broken failure={}", FailureTrace.of(e));
            if (!archive.begun) {
                throw new RequestRefusedException(
                        HttpStatus.INTERNAL_SERVER_ERROR_500, ErrorCode.INTERNAL, "The data cannot be read.");
            }
            callback.failed(e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!begun) {
            begun = true;
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/zip");
            response.getHeaders().put("Content-Disposition", "attachment; filename=\"" + name + "\"");
        }
        out.write(bytes, offset, length);
    }

    @Override
    public void flush() {
        // The writer flushes at its end, and the end is told by closing.
    }
}
