package io.insula.scenario;

import io.insula.agent.AgentResult;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import org.pf4j.Extension;

/** Waits until it is stopped. */
@Extension
@ToolInfo(name = "wait", summary = "Waits until it is stopped", effect = Effect.READS)
public final class WaitTool implements Tool<WaitTool.Input, AgentResult.Nothing> {
    /** It needs no arguments. */
    public record Input() {}

    @Override
    public AgentResult.Nothing call(Input input, ToolContext context) throws InterruptedException {
        context.progress("waiting in the tool", 0, 1);
        Waiting.untilInterrupted();
        return new AgentResult.Nothing();
    }
}
