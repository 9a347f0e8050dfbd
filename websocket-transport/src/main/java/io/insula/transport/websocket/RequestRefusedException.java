package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.util.Optional;

/** An HTTP request is answered with a problem. Its text is made for the peer. */
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;
    private final transient Optional<Duration> retryAfter;

    RequestRefusedException(int status, ErrorCode code, String detail) {
        this(status, code, detail, Optional.empty());
    }

    private RequestRefusedException(int status, ErrorCode code, String detail, Optional<Duration> retryAfter) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    static RequestRefusedException of(RefusedException why) {
        return new RequestRefusedException(status(why.code()), why.code(), why.getMessage(), why.retryAfter());
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

    /** What was wrong and what to do. */
    String detail() {
        String detail = getMessage();
        return detail == null ? "" : detail;
    }

    private static int status(ErrorCode code) {
        if (code == ErrorCode.ATTACHMENT_TOO_LARGE || code == ErrorCode.ATTACHMENTS_FULL) {
            return 413;
        }
        if (code == ErrorCode.THREAD_UNKNOWN || code == ErrorCode.MESSAGE_UNKNOWN) {
            return 404;
        }
        if (code == ErrorCode.THREAD_EXISTS) {
            return 409;
        }
        if (code == ErrorCode.RATE_LIMITED || code == ErrorCode.EXPORT_UNDER_WAY) {
            return 429;
        }
        return switch (code.group()) {
            case USER -> 400;
            case INTERNAL, PLUGIN -> code == ErrorCode.JOURNAL_UNAVAILABLE || code == ErrorCode.KEYS_UNAVAILABLE
                    ? 503
                    : 500;
            case RESOURCES -> 503;
        };
    }
}
