package io.insula.engine.user;

import io.insula.agent.AgentFailure;
import io.insula.agent.ContextMisuseException;
import io.insula.agent.QuestionExpiredException;
import io.insula.agent.ToolCallException;
import io.insula.engine.api.ErrorCode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a plugin threw into a code and words of ours. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    /** A code of the platform, or a plugin's own behind the name of the plugin. */
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private Faults() {}

    /** A code, and a message that may be shown. */
    record Fault(String code, String message) {
        Fault(ErrorCode code, String message) {
            this(code.word(), message);
        }
    }

    /** What an agent's exception means for its caller. */
    static Fault ofAgent(Throwable thrown, String agent, String plugin) {
        return switch (thrown) {
            case AgentFailure failure -> own(failure, plugin);
            case ToolCallException failure -> shown(failure.code(), failure.getMessage(), ErrorCode.TOOL_FAILED);
            case QuestionExpiredException expired -> new Fault(ErrorCode.QUESTION_EXPIRED,
                    "The question was not answered in time.");
            case ContextMisuseException misuse -> {
                LOG.warn("agent misused its context agent={} plugin={}: {}", agent, plugin, misuse.getMessage());
                yield new Fault(ErrorCode.AGENT_FAILED,
                        "The agent \"" + agent + "\" broke the contract of its context.");
            }
            default -> {
                LOG.warn("agent failed agent={} plugin={} exception={}", agent, plugin, describe(thrown));
                yield new Fault(ErrorCode.AGENT_FAILED, "The agent \"" + agent + "\" failed.");
            }
        };
    }

    /** What a tool's exception means for the agent that called it. */
    static Fault ofTool(Throwable thrown, String tool, String plugin) {
        return switch (thrown) {
            case AgentFailure failure -> own(failure, plugin);
            default -> {
                LOG.warn("tool failed tool={} plugin={} exception={}", tool, plugin, describe(thrown));
                yield new Fault(ErrorCode.TOOL_FAILED, "The tool \"" + tool + "\" failed.");
            }
        };
    }

    private static Fault own(AgentFailure failure, String plugin) {
        // What another agent failed of keeps its code, which names its plugin or is one of the platform's.
        boolean complete = failure.isPassedOn() || failure.code().indexOf('.') >= 0;
        @Nullable
        String code = complete ? failure.code() : plugin + "." + failure.code();
        return shown(code, failure.getMessage(), ErrorCode.AGENT_FAILED);
    }

    /** A plugin can make what looks like the failure of another with whatever it likes inside. */
    private static Fault shown(@Nullable String code, String message, ErrorCode otherwise) {
        return new Fault(
                code != null && CODE.matcher(code).matches() ? code : otherwise.word(),
                WellFormed.text(WellFormed.cut(message, AgentFailure.MAX_MESSAGE_LENGTH)));
    }

    /** Class, and the first line of the text, as far as the plugin's class gives it: its methods may be hostile. */
    static String describe(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            String message = thrown.getMessage();
            return message == null ? name : name + ": " + WellFormed.cut(message, 500).replaceAll("\\p{Cntrl}", " ");
        } catch (Throwable hostile) {
            return name + " (its message cannot be read)";
        }
    }
}
