package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;

/** Why the server closes a connection: what the peer is told, word for word. */
enum CloseReason {
    OVER(1000, ""), GOING_AWAY(1001, "going away"), TEXT_ONLY(1003, "text only"), INVALID_TEXT(1007,
            "invalid text"), POLICY(1008,
                    "policy"), TOO_BIG(1009, "too big"), INTERNAL_ERROR(1011,
                            "internal error"), SLOW_CONSUMER(1013, "slow consumer"), JOURNAL_UNAVAILABLE(1013,
                                    "journal unavailable"), TOKEN_EXPIRED(4001,
                                            "token expired"), ERASED(4002,
                                                    "erased"), TOKEN_REVOKED(4003, "token revoked");

    private final int code;
    private final String text;

    CloseReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Why a connection is closed whose engine has ended. */
    static CloseReason ofEnd(ErrorCode why) {
        if (why == ErrorCode.JOURNAL_UNAVAILABLE) {
            return JOURNAL_UNAVAILABLE;
        }
        return why == ErrorCode.ERASED ? ERASED : GOING_AWAY;
    }

    int code() {
        return code;
    }

    String text() {
        return text;
    }
}
