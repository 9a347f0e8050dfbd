package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user can do with all data at once, over HTTP: take it along, and have it erased. */
final class DataRequests {
    private static final Logger LOG = LoggerFactory.getLogger(DataRequests.class);
    /** What has to be said to erase: nobody sends it by mistake. */
    private static final String ALL = "all my data";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;
    private final RequestBody bodies;

    DataRequests(
            Surroundings surroundings,
            Authentication authentication,
            UserExecutionEngine.Directory directory,
            UserPlaces places) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.directory = directory;
        this.places = places;
        this.bodies = new RequestBody(surroundings);
    }

    /** The response, whose head is told with the first bytes: until then the request can be refused. */
    private static final class Archive extends FilterOutputStream {
        private final Response response;
        private boolean begun;

        Archive(Response response) {
            super(Content.Sink.asOutputStream(response));
            this.response = response;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!begun) {
                begun = true;
                response.setStatus(HttpStatus.OK_200);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/zip");
                response.getHeaders().put("Content-Disposition", "attachment; filename=\"insula-export.zip\"");
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            // The engine flushes at its end, and the end is told by closing.
        }
    }

    /** Answers with the archive. Blocks until it is taken. */
    void export(Request request, Response response, Callback callback) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        var archive = new Archive(response);
        try (UserExecutionEngine.Lease lease = directory.open(user)) {
            places.countMessage(place);
            UserPlaces.cutWithEngine(lease, request);
            OutputStream paced = new PacedOutput(
                    archive,
                    surroundings.limits().http().uploadBytesPerSecond(),
                    surroundings.limits().times().handshake(),
                    surroundings.nanoTime());
            lease.engine().export(paced);
            archive.close();
            callback.succeeded();
        } catch (RefusedException why) {
            if (!archive.begun) {
                throw RequestRefusedException.of(why);
            }
            callback.failed(new IOException("the user is erased"));
        } catch (IOException e) {
            LOG.debug("export_broken failure={}", FailureTrace.of(e));
            if (!archive.begun) {
                throw new RequestRefusedException(
                        HttpStatus.INTERNAL_SERVER_ERROR_500, ErrorCode.INTERNAL, "The data cannot be read.");
            }
            // Cut, so that nobody takes half an archive for a whole one.
            callback.failed(e);
        } finally {
            places.leave(place);
        }
    }

    /**
     * Blocks while it reads the request.
     *
     * @return the body of the answer, when nothing of the user is left; fails with {@link RefusedException}
     */
    CompletionStage<byte[]> erase(Request request) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            places.countMessage(place);
            MessageMembers body = bodies.read(request, "erase");
            if (!body.text("erase").equals(ALL)) {
                throw body.invalid("\"erase\" must be \"" + ALL + "\".");
            }
            UserExecutionEngine.Lease lease = directory.open(user);
            return lease.engine()
                    .erase()
                    .thenApply(gone -> surroundings.messages().erased())
                    .whenComplete((answer, failure) -> lease.close());
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }
}
