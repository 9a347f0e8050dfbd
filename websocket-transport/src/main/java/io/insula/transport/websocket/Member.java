package io.insula.transport.websocket;

import io.insula.engine.api.Position;
import java.util.List;

/** The value of a member of a message, of a form that some message can have. */
sealed interface Member {
    record Text(String value) implements Member {}

    record Flag(boolean value) implements Member {}

    record Whole(long value) implements Member {}

    record Texts(List<String> values) implements Member {}

    record Place(Position position) implements Member {}

    /** Anything else: no message has it anywhere. */
    record Other() implements Member {}
}
