package io.insula.transport.websocket;

import io.insula.engine.api.Position;
import java.util.Optional;

/** A position as one word, where there is no room for JSON: {@code EPOCH.SEQUENCE}. */
final class PositionText {
    private static final int MAX_LENGTH = 256;

    private PositionText() {}

    static String of(String epoch, long sequence) {
        return epoch + "." + sequence;
    }

    static String of(Position position) {
        return of(position.epoch(), position.sequence());
    }

    /** Empty if it is none. */
    static Optional<Position> read(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 1 || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String sequence = text.substring(dot + 1);
        // One form alone: no sign, no zero in front.
        if (!sequence.matches("0|[1-9][0-9]{0,17}")) {
            return Optional.empty();
        }
        return Optional.of(new Position(text.substring(0, dot), Long.parseLong(sequence)));
    }
}
