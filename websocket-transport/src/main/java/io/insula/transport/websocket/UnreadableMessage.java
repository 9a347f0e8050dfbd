package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.util.Optional;

/** A message of a client is not one of the protocol. Its text is made for the peer, and holds nothing of the message. */
final class UnreadableMessage extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Optional<String> id;

    UnreadableMessage(ErrorCode code, String message, Optional<String> id) {
        super(message, null, false, false);
        this.code = code;
        this.id = id;
    }

    ErrorCode code() {
        return code;
    }

    /** The message's id, if it could be read. */
    Optional<String> id() {
        return id;
    }

    /** What was wrong and what to do. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
