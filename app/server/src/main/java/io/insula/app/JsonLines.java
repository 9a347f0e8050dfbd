package io.insula.app;

import java.io.PrintStream;
import tools.jackson.databind.JsonNode;

/** Writes each event as one line of JSON, for programs. JSON has its own way to write control characters. */
final class JsonLines implements EventDisplay {
    private final PrintStream output;

    JsonLines(PrintStream output) {
        this.output = output;
    }

    @Override
    public void show(JsonNode positioned) {
        output.println(positioned);
        output.flush();
    }
}
