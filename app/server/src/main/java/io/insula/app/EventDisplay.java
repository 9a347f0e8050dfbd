package io.insula.app;

import tools.jackson.databind.JsonNode;

/** Shows the events of a run to whoever asked. */
interface EventDisplay {
    /** Shows one element of {@code events}: {@code sequence}, {@code thread}, {@code run}, {@code event}. */
    void show(JsonNode positioned);
}
