package io.insula.endtoend;

import tools.jackson.databind.JsonNode;

/**
 * An event as a client received it.
 *
 * @param sequence its place in the user's log
 * @param thread the conversation that the envelope names
 * @param run the run that the envelope names
 * @param event the AG-UI event
 */
record ReceivedEvent(long sequence, String thread, String run, JsonNode event) {
    String type() {
        return event.path("type").asString("");
    }

    boolean isCustom(String name) {
        return type().equals("CUSTOM") && event.path("name").asString("").equals(name);
    }

    boolean isTerminal() {
        return type().equals("RUN_FINISHED") || type().equals("RUN_ERROR");
    }

    /** The text of a member of the event; empty if there is none. */
    String text(String member) {
        return event.path(member).asString("");
    }

    /** The value of a custom event. */
    JsonNode value() {
        return event.path("value");
    }
}
