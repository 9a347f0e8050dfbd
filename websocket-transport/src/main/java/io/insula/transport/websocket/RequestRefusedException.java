package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.util.Optional;

/** An HTTP request is answered with a problem. Its text is made for the peer. */
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;
    private final transient Optional<Duration> retryAfter;
    private final transient Optional<Position> resumeFrom;

    RequestRefusedException(int status, ErrorCode code, String detail) {
        this(status, code, detail, Optional.empty(), Optional.empty());
    }

    private RequestRefusedException(
            int status,
            ErrorCode code,
            String detail,
            Optional<Duration> retryAfter,
            Optional<Position> resumeFrom) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
        this.resumeFrom = resumeFrom;
    }

    static RequestRefusedException of(RefusedException why) {
        return new RequestRefusedException(
                status(why.code()), why.code(), why.getMessage(), why.retryAfter(), why.resumeFrom());
    }

    /** Connections and requests of a user come faster than they may. */
    static RequestRefusedException tooOften(Duration wait) {
        return of(RefusedException.retryAfter(
                ErrorCode.RATE_LIMITED, "You come faster than allowed; wait, then go on.", wait));
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    /** After how long it may be tried again, if that is known. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Where a refused stream of events can begin. */
    Optional<Position> resumeFrom() {
        return resumeFrom;
    }

    /** What was wrong and what to do. */
    String detail() {
        String detail = getMessage();
        return detail == null ? "" : detail;
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case THREAD_UNKNOWN, MESSAGE_UNKNOWN, RUN_UNKNOWN, QUESTION_UNKNOWN, AGENT_UNKNOWN,
                    UPLOAD_UNKNOWN -> 404;
            case THREAD_EXISTS, RUN_EXISTS, REQUEST_REUSED, THREAD_BUSY, UPLOAD_OFFSET -> 409;
            case EPOCH_UNKNOWN, POSITION_TRIMMED -> 410;
            case ATTACHMENT_TOO_LARGE, ATTACHMENTS_FULL, INPUT_TOO_LARGE -> 413;
            case RATE_LIMITED, EXPORT_UNDER_WAY, QUEUE_FULL, UPLOADS_FULL -> 429;
            case JOURNAL_UNAVAILABLE, KEYS_UNAVAILABLE -> 503;
            default -> status(code.group());
        };
    }

    private static int status(ErrorCode.Group group) {
        return switch (group) {
            case USER -> 400;
            case INTERNAL, PLUGIN -> 500;
            case RESOURCES -> 503;
        };
    }
}
