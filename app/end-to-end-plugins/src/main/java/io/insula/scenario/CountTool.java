package io.insula.scenario;

import io.insula.agent.AgentFailure;
import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import org.pf4j.Extension;

/** Counts in the user's store how often it was called with a marker: a call that is made twice can be told. */
@Extension
@ToolInfo(name = "count", summary = "Counts its calls in the user's store", effect = Effect.WRITES)
public final class CountTool implements Tool<CountTool.Input, CountTool.Output> {
    /**
     * The argument.
     *
     * @param marker what is counted
     */
    public record Input(@Describe(value = "what is counted", maximumLength = 100) String marker) {}

    /**
     * The result.
     *
     * @param calls how often it was called, this time included
     */
    public record Output(int calls) {}

    @Override
    public Output call(Input input, ToolContext context) throws AgentFailure {
        int calls = of(context, input.marker()) + 1;
        context.store().put(name(input.marker()), Integer.toString(calls));
        return new Output(calls);
    }

    /** How often it was called with this marker. */
    static int of(ToolContext context, String marker) {
        return Integer.parseInt(context.store().get(name(marker)).orElse("0"));
    }

    private static String name(String marker) {
        return "calls of " + marker;
    }
}
