package io.insula.transport.websocket;

import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files of users in pieces, as tus 1.0.0 wants it: whoever lost the network goes on where it broke off. */
final class UploadRequests {
    private static final Logger LOG = LoggerFactory.getLogger(UploadRequests.class);
    private static final String PATH = "/uploads";
    private static final String VERSION_HEADER = "Tus-Resumable";
    private static final String VERSION = "1.0.0";
    private static final String OFFSET_HEADER = "Upload-Offset";
    private static final String LENGTH_HEADER = "Upload-Length";
    private static final String PIECE = "application/offset+octet-stream";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Surroundings surroundings;
    private final EngineCalls calls;

    UploadRequests(Surroundings surroundings, EngineCalls calls) {
        this.surroundings = surroundings;
        this.calls = calls;
    }

    List<Route> routes() {
        String one = PATH + "/{upload}";
        return List.of(
                Route.of(HttpMethod.OPTIONS, PATH, UploadRequests::tell),
                Route.of(HttpMethod.POST, PATH, this::begin),
                Route.of(HttpMethod.HEAD, one, this::read),
                Route.of(HttpMethod.PATCH, one, this::goOn),
                Route.of(HttpMethod.DELETE, one, this::cancel));
    }

    private static void tell(Call call) {
        HttpFields.Mutable headers = call.response().getHeaders();
        headers.put(VERSION_HEADER, VERSION);
        headers.put("Tus-Version", VERSION);
        headers.put("Tus-Extension", "creation,expiration,termination");
        call.answer(HttpStatus.NO_CONTENT_204);
    }

    private void begin(Call call) throws RequestRefusedException {
        Request request = checked(call);
        Upload upload = take(call, UserRooms.Purpose.UPLOAD, lease -> {
            long bytes = number(request, LENGTH_HEADER);
            var metadata = UploadMetadata.read(request.getHeaders().getValuesList(UploadMetadata.HEADER));
            return lease.engine().beginUpload(metadata.name(), metadata.mediaType(), bytes);
        });
        call.response().getHeaders().put(HttpHeader.LOCATION, PATH + "/" + upload.id());
        tell(call, upload);
        call.answer(HttpStatus.CREATED_201);
    }

    private void read(Call call) throws RequestRefusedException {
        checked(call);
        Upload upload = take(call, UserRooms.Purpose.READ, lease -> lease.engine().upload(id(call)));
        tell(call, upload);
        call.response().getHeaders().put(LENGTH_HEADER, Long.toString(upload.bytes()));
        call.answer(HttpStatus.OK_200);
    }

    private void goOn(Call call) throws RequestRefusedException {
        Request request = checked(call);
        Upload upload = take(call, UserRooms.Purpose.UPLOAD, lease -> {
            checkPiece(request);
            long offset = number(request, OFFSET_HEADER);
            UserPlaces.cutWithEngine(lease, request);
            InputStream content = PacedInput.of(request, surroundings.limits(), surroundings.nanoTime());
            return lease.engine().continueUpload(id(call), offset, content);
        });
        tell(call, upload);
        call.answer(HttpStatus.NO_CONTENT_204);
    }

    private void cancel(Call call) throws RequestRefusedException {
        checked(call);
        take(call, UserRooms.Purpose.UPLOAD, lease -> {
            Upload upload = lease.engine().upload(id(call));
            lease.engine().cancelUpload(upload.id());
            return upload;
        });
        call.answer(HttpStatus.NO_CONTENT_204);
    }

    private Upload take(Call call, UserRooms.Purpose purpose, EngineCalls.Work<Upload> work)
            throws RequestRefusedException {
        try {
            return calls.work(call, purpose, work);
        } catch (IOException e) {
            LOG.debug("upload_broken failure={}", FailureTrace.of(e));
            throw new RequestRefusedException(
                    HttpStatus.REQUEST_TIMEOUT_408,
                    ErrorCode.REQUEST_INVALID,
                    "The piece did not arrive, or too slowly; what has come is kept.");
        }
    }

    /** Says which version is spoken, and refuses every other one. */
    private static Request checked(Call call) throws RequestRefusedException {
        HttpFields.Mutable headers = call.response().getHeaders();
        headers.put(VERSION_HEADER, VERSION);
        if (!call.request().getHeaders().getValuesList(VERSION_HEADER).equals(List.of(VERSION))) {
            headers.put("Tus-Version", VERSION);
            throw new RequestRefusedException(
                    HttpStatus.PRECONDITION_FAILED_412,
                    ErrorCode.REQUEST_INVALID,
                    VERSION_HEADER + " must be given once: " + VERSION + ".");
        }
        return call.request();
    }

    private static void checkPiece(Request request) throws RequestRefusedException {
        if (!request.getHeaders().getValuesList(HttpHeader.CONTENT_TYPE).equals(List.of(PIECE))) {
            throw new RequestRefusedException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    ErrorCode.REQUEST_INVALID,
                    "Content-Type must be " + PIECE + ".");
        }
    }

    private static void tell(Call call, Upload upload) {
        HttpFields.Mutable headers = call.response().getHeaders();
        headers.put(OFFSET_HEADER, Long.toString(upload.received()));
        upload.expiresAt().ifPresent(when -> headers.put("Upload-Expires", HTTP_DATE.format(when)));
    }

    private static long number(Request request, String header) throws RequestRefusedException {
        List<String> values = request.getHeaders().getValuesList(header);
        if (values.size() != 1 || !NUMBER.matcher(values.getFirst()).matches()) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400,
                    ErrorCode.REQUEST_INVALID,
                    header + " must be given once, as a whole number of bytes.");
        }
        return Long.parseLong(values.getFirst());
    }

    private static AttachmentId id(Call call) throws RequestRefusedException {
        return call.id("upload", AttachmentId::new);
    }
}
