package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.ToolCallException;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Computes the figures of a usage log with tools.
 *
 * <p>Returns {@link UsageStatistics}. Called by a user it says them. Fails with {@code log-missing} without a file and
 * with {@code log-unusable} if no row of it can be used.
 */
@Extension
@AgentInfo(name = "data", summary = "Computes tokens, costs and load of a usage log of language models.", resumable = true)
public final class DataAgent implements Agent {
    /** Made for one run. */
    public DataAgent() {}

    /**
     * What to measure, from another agent.
     *
     * @param log the file
     * @param prices the user's own price table, if one
     * @param question what the user asked
     */
    record Request(Attachment log, Optional<Attachment> prices, String question) {
        /** The files of the context's input or thread. */
        static Request of(AgentContext context) throws AgentFailure {
            LogChoice choice = LogChoice.of(context);
            return new Request(choice.log().orElseThrow(Failures::noLog), choice.prices(), context.input().text());
        }
    }

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        Optional<Request> given = context.data(Request.class);
        Request request = given.isPresent() ? given.get() : Request.of(context);
        UsageStatistics statistics = measure(context, request);
        if (given.isEmpty()) {
            var usage = new UsageSections(statistics);
            context.say(
                    PricingSentence.of(statistics.pricing()) + "\n\n" + usage.summary() + "\n" + usage.spend() + "\n"
                            + usage.load());
        }
        return AgentResult.of(statistics);
    }

    private static UsageStatistics measure(AgentContext context, Request request) throws AgentFailure {
        try {
            ReadPriceTableTool.Output prices = context.call(
                    ReadPriceTableTool.class, new ReadPriceTableTool.Input(request.prices(), request.question()));
            UsageStatistics statistics = context.call(MeasureUsageTool.class,
                    new MeasureUsageTool.Input(request.log(), request.prices(), prices.reference().model()));
            context.think(Words.number(statistics.totals().requests()) + " requests counted, "
                    + Words.number(statistics.rejected().count()) + " malformed rows skipped.");
            return statistics;
        } catch (ToolCallException e) {
            throw Failures.of(e);
        }
    }
}
