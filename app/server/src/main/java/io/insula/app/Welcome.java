package io.insula.app;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The first message of a connection.
 *
 * @param subject the user's name
 * @param head the position of now
 * @param agents the agents that can be asked
 */
record Welcome(String subject, JsonNode head, List<Agent> agents) {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_SUMMARY = 200;

    /** An agent that can be asked, safe to print. */
    record Agent(String name, String summary) {}

    Welcome {
        agents = List.copyOf(agents);
    }

    static Welcome of(JsonNode message) {
        var agents = new ArrayList<Agent>();
        message.path("agents").forEach(agent -> agents.add(new Agent(
                PrintableText.line(agent.path("name").stringValue(""), LONGEST_NAME),
                PrintableText.line(agent.path("summary").stringValue(""), LONGEST_SUMMARY))));
        return new Welcome(
                PrintableText.line(message.path("user").path("subject").stringValue(""), 255), message.path("head"),
                agents);
    }

    /** Refuses the name of an agent that is not there, saying which are. */
    void require(String agent) throws FailedException {
        var names = agents.stream().map(Agent::name).toList();
        if (!names.contains(agent)) {
            throw new FailedException("No agent \"" + PrintableText.line(agent, LONGEST_NAME) + "\" is loaded."
                    + Suggestion.sentence(agent, names)
                    + (names.isEmpty() ? " None is loaded." : " Loaded: " + String.join(", ", names) + "."));
        }
    }
}
