package io.insula.engine.api;

import java.time.Duration;
import java.util.Optional;

/** A request was refused: nothing has happened. Code and message are made for the peer. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Optional<Duration> retryAfter;
    private final transient Optional<Position> resumeFrom;

    /** Refuses with a message that says what was wrong and what to do. */
    public RefusedException(ErrorCode code, String message) {
        this(code, message, Optional.empty(), Optional.empty());
    }

    private RefusedException(
            ErrorCode code, String message, Optional<Duration> retryAfter, Optional<Position> resumeFrom) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
        this.resumeFrom = resumeFrom;
    }

    /** Refuses, and says when to try again. */
    public static RefusedException retryAfter(ErrorCode code, String message, Duration wait) {
        return new RefusedException(code, message, Optional.of(wait), Optional.empty());
    }

    /** Refuses a position, and says from which one the user can follow after reading a snapshot. */
    public static RefusedException resumeFrom(ErrorCode code, String message, Position position) {
        return new RefusedException(code, message, Optional.empty(), Optional.of(position));
    }

    /** The stable code. */
    public ErrorCode code() {
        return code;
    }

    /** What was wrong and what to do; never {@code null}. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }

    /** When to try again, where waiting helps. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Where a refused subscription can begin. */
    public Optional<Position> resumeFrom() {
        return resumeFrom;
    }
}
