package io.insula.scenario;

import io.insula.agent.AgentFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an input asks of a scenario: words of the form {@code name=value}, in any order. */
record Parameters(Map<String, String> values) {
    Parameters {
        values = Map.copyOf(values);
    }

    static Parameters of(String text) throws AgentFailure {
        var values = new LinkedHashMap<String, String>();
        for (String word : text.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            if (word.isEmpty()) {
                continue;
            }
            if (equals < 1) {
                throw new AgentFailure("parameters", "Write name=value, separated by spaces; this is not: " + word);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Parameters(values);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) throws AgentFailure {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new AgentFailure("parameters", name + " must be a whole number, is " + value);
        }
    }
}
