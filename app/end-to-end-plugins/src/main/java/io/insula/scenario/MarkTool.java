package io.insula.scenario;

import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import org.pf4j.Extension;

/** Gives its argument back. */
@Extension
@ToolInfo(name = "mark", summary = "Gives its argument back", effect = Effect.READS)
public final class MarkTool implements Tool<MarkTool.Input, MarkTool.Output> {
    /**
     * The argument.
     *
     * @param marker any text
     */
    public record Input(@Describe(value = "any text", maximumLength = 200) String marker) {}

    /**
     * The result.
     *
     * @param marker the same text
     */
    public record Output(String marker) {}

    @Override
    public Output call(Input input, ToolContext context) {
        context.progress("marking " + input.marker(), 1, 1);
        return new Output(input.marker());
    }
}
