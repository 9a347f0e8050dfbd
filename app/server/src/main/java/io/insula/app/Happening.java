package io.insula.app;

import tools.jackson.databind.JsonNode;

/** Something the terminal client has to react to. */
sealed interface Happening {
    /** A message of the server came over the connection of this number. */
    record Received(int connection, JsonNode message) implements Happening {}

    /** The connection of this number is gone. */
    record Lost(int connection, int closeCode) implements Happening {}

    /** Somebody typed a line. */
    record Typed(String line) implements Happening {}

    /** Nobody will type any more. */
    record InputEnded() implements Happening {}

    /** The operating system asks to stop. */
    record StopAsked() implements Happening {}
}
