package io.insula.app;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a run ended.
 *
 * @param state what became of it
 * @param code the error's code; empty if there is none
 * @param message the error in words, safe to print; empty if there is none
 */
record Ending(State state, String code, String message) {
    private static final int LONGEST_MESSAGE = 2_000;

    /** What became of a run. */
    enum State {
        COMPLETED, CANCELLED, FAILED
    }

    static Ending failed(String code, String message) {
        return new Ending(State.FAILED, PrintableText.line(code, 100), PrintableText.line(message, LONGEST_MESSAGE));
    }

    /** The ending that an event tells of, if it tells of one. */
    static Optional<Ending> of(JsonNode event) {
        return switch (event.path("type").stringValue("")) {
            case "RUN_FINISHED" -> Optional.of(new Ending(
                    "cancelled".equals(event.path("outcome").path("type").stringValue("")) ? State.CANCELLED
                            : State.COMPLETED,
                    "",
                    ""));
            case "RUN_ERROR" -> Optional
                    .of(failed(event.path("code").stringValue(""), event.path("message").stringValue("")));
            default -> Optional.empty();
        };
    }

    /** The ending of a run of which only the state is known. */
    static Optional<Ending> ofState(JsonNode run) {
        return switch (run.path("state").stringValue("")) {
            case "completed" -> Optional.of(new Ending(State.COMPLETED, "", ""));
            case "cancelled" -> Optional.of(new Ending(State.CANCELLED, "", ""));
            case "failed", "timed-out" -> Optional.of(failed(run.path("code").stringValue(""), "The run has ended."));
            default -> Optional.empty();
        };
    }

    /** In one line, for somebody who reads. */
    String inWords() {
        return switch (state) {
            case COMPLETED -> "Done.";
            case CANCELLED -> "Stopped.";
            case FAILED -> code.isEmpty() ? message : message + " [" + code + "]";
        };
    }
}
