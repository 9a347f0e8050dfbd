package io.insula.scenario;

import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import org.pf4j.Extension;

/** Fails in the way that is asked for. */
@Extension
@ToolInfo(name = "fail", summary = "Fails in the way that is asked for", effect = Effect.READS)
public final class FailTool implements Tool<FailTool.Input, AgentResult.Nothing> {
    /**
     * How to fail.
     *
     * @param foreseen whether with a code of its own
     * @param secret becomes a text that must reach nobody, if it is unforeseen
     */
    public record Input(boolean foreseen, String secret) {}

    @Override
    public AgentResult.Nothing call(Input input, ToolContext context) throws AgentFailure {
        if (input.foreseen()) {
            throw new AgentFailure("tool-foreseen", "The tool knew that this would happen.");
        }
        throw new IllegalStateException(Secrets.text(input.secret()));
    }
}
