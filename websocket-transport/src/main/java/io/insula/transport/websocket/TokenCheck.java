package io.insula.transport.websocket;

import io.insula.agent.UserId;
import java.time.Duration;
import java.time.Instant;

/** What came of checking a token. */
sealed interface TokenCheck {
    /**
     * The token is good.
     *
     * @param user whose it is
     * @param until when it, and what was opened with it, ends
     * @param operator whether it is an operator's; it gives nothing more on the users' port
     * @param marks by what it is known again when it is revoked
     */
    record Accepted(UserId user, Instant until, boolean operator, TokenMarks marks) implements TokenCheck {}

    /**
     * The token is not good.
     *
     * @param why a constant sentence, which says nothing that the token says
     */
    record Rejected(String why) implements TokenCheck {}

    /**
     * Nobody can tell now: the keys are not there.
     *
     * @param retryAfter after how long to come again
     */
    record Undecided(Duration retryAfter) implements TokenCheck {}
}
