package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.engine.api.Position;
import java.util.Optional;

/**
 * What a client of AG-UI knows a question by. It says where to find all that the run has shown, so that nothing has to
 * be kept until somebody answers.
 *
 * @param accepted the position at which the run was accepted
 * @param run the run that asks
 * @param question the question
 */
record InterruptId(Position accepted, RunId run, String question) {
    private static final int PARTS = 3;
    private static final int MAX_LENGTH = 1_024;

    /** Empty if it is none. */
    static Optional<InterruptId> read(String text) {
        String[] parts = text.split("/", PARTS);
        if (parts.length < PARTS || text.length() > MAX_LENGTH || parts[2].isEmpty()) {
            return Optional.empty();
        }
        try {
            var run = new RunId(parts[1]);
            return PositionText.read(parts[0]).map(accepted -> new InterruptId(accepted, run, parts[2]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String text() {
        return PositionText.of(accepted) + "/" + run + "/" + question;
    }
}
