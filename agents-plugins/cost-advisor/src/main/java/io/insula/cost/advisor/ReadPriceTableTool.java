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
 * Reads the prices to reckon with and chooses the reference model.
 *
 * <p>Fails with {@code prices-unusable} and the reason if the user's table has a bad row.
 */
@Extension
@ToolInfo(name = "read-price-table", summary = "Reads the price list, overridden by an attached prices.csv. The first row is the reference model for logs"
        + " that name none; a model named in the question takes its place.", effect = Effect.READS)
public final class ReadPriceTableTool implements Tool<ReadPriceTableTool.Input, ReadPriceTableTool.Output> {
    /** Made for one call. */
    public ReadPriceTableTool() {}

    /**
     * Where prices come from.
     *
     * @param prices the user's own table, if one is attached
     * @param question the user's question; if it names exactly one model of the table, that is the reference model
     */
    record Input(
            @Describe("the user's own price table") Optional<Attachment> prices,
            @Describe("the user's question") String question) {}

    /**
     * What was found.
     *
     * @param source where the prices come from, in words
     * @param rows how many prices there are
     * @param reference the price of the reference model for logs that name none
     */
    record Output(String source, int rows, Price reference) {}

    @Override
    public Output call(Input input, ToolContext context) throws AgentFailure, IOException {
        PriceTable table = PriceSource.read(input.prices(), context);
        Price reference = table.namedIn(input.question()).orElseGet(table::reference);
        return new Output(table.source(), table.prices().size(), reference);
    }
}
