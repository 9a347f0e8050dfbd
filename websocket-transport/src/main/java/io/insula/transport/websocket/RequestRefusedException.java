package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;

/** An HTTP request is answered with a problem. Its text is made for the peer. */
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;

    RequestRefusedException(int status, ErrorCode code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    static RequestRefusedException of(RefusedException why) {
        return new RequestRefusedException(status(why.code()), why.code(), why.getMessage());
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
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
            case INTERNAL, PLUGIN -> code == ErrorCode.JOURNAL_UNAVAILABLE ? 503 : 500;
            case RESOURCES -> 503;
        };
    }
}
