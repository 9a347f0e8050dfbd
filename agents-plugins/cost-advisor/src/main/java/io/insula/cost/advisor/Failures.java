package io.insula.cost.advisor;

import io.insula.agent.AgentFailure;
import io.insula.agent.Attachment;
import io.insula.agent.ToolCallException;

/** The failures that users of the advisor may see. */
final class Failures {
    private Failures() {}

    /** The file can be read and not used; the reason is the user's to mend. */
    static AgentFailure unusable(Attachment file, UnusableLogException problem) {
        return new AgentFailure("log-unusable", about(file, problem));
    }

    /** The price table can be read and not used. */
    static AgentFailure unusablePrices(Attachment file, UnusableLogException problem) {
        return new AgentFailure("prices-unusable", about(file, problem));
    }

    private static String about(Attachment file, UnusableLogException problem) {
        return "\"" + Words.shown(file.name()) + "\": " + problem.getMessage();
    }

    /** The file cannot be read. */
    static AgentFailure unreadable(Attachment file) {
        return new AgentFailure(
                "file-unreadable", "\"" + Words.shown(file.name()) + "\" cannot be read (any more). Attach it again.");
    }

    /** An agent was called without the file it works on. */
    static AgentFailure noLog() {
        return new AgentFailure(
                "log-missing", "Attach a usage log: CSV with a header, or JSON lines. " + Words.COLUMNS_THAT_HELP);
    }

    /** A tool's failure as the agent's own. */
    static AgentFailure of(ToolCallException problem) {
        return new AgentFailure(problem.code(), problem.getMessage());
    }
}
