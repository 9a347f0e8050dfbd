package io.insula.cost.advisor;

import io.insula.agent.AgentFailure;
import io.insula.agent.Attachment;
import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import java.io.IOException;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Reads a whole usage log in one pass and computes totals, percentiles, load, costs and how concentrated they are.
 *
 * <p>Fails with {@code log-unusable} and the reason if no row of it can be used.
 */
@Extension
@ToolInfo(name = "measure-usage", summary = "Reads a whole usage log and computes totals, percentiles of tokens per request, load per minute and hour, and"
        + " cost by model and user.", effect = Effect.READS)
public final class MeasureUsageTool implements Tool<MeasureUsageTool.Input, UsageStatistics> {
    /** Made for one call. */
    public MeasureUsageTool() {}

    /**
     * What to measure.
     *
     * @param log the file
     * @param prices the user's own price table, if one is attached
     * @param referenceModel the row of the price table that stands for the models of a log that names none
     */
    record Input(
            @Describe("the usage log") Attachment log,
            @Describe("the user's own price table") Optional<Attachment> prices,
            @Describe("the row of the price table for logs that name no model") String referenceModel) {}

    @Override
    public UsageStatistics call(Input input, ToolContext context) throws AgentFailure, IOException {
        PriceTable prices = PriceSource.read(input.prices(), context).withReference(input.referenceModel());
        String what = "Reading " + Words.shown(input.log().name());
        try (var stream = new CountedStream(context.open(input.log()))) {
            return UsageMeasurement.of(stream, input.log().name(), prices, ReadingLimits.defaults(), () -> {
                context.checkpoint();
                context.progress(what, stream.bytes(), input.log().bytes());
            });
        } catch (UnusableLogException e) {
            throw Failures.unusable(input.log(), e);
        } catch (IOException _) {
            throw Failures.unreadable(input.log());
        }
    }
}
