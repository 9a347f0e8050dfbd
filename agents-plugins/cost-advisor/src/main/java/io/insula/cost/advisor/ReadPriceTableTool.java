package io.insula.cost.advisor;

import io.insula.agent.AgentFailure;
import io.insula.agent.Attachment;
import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Reads the prices to reckon with: the shipped list, with the user's own rows before it if there are any.
 *
 * <p>Fails with {@code prices-unusable} and the reason if the user's table has a bad row.
 */
@Extension
@ToolInfo(name = "read-price-table", summary = "Reads the price list, overridden by an attached prices.csv. The first row is the reference model for logs"
        + " that name none; a model named in the question takes its place.", effect = Effect.READS)
public final class ReadPriceTableTool implements Tool<ReadPriceTableTool.Input, PriceTable> {
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

    @Override
    public PriceTable call(Input input, ToolContext context) throws AgentFailure, IOException {
        PriceTable table =
                input.prices().isEmpty() ? shipped() : shipped().overriddenBy(attached(input.prices().get(), context));
        return table.namedIn(input.question()).map(table::withReference).orElse(table);
    }

    private static PriceTable shipped() throws IOException {
        try {
            return PriceTableReader.shipped();
        } catch (UnusableLogException e) {
            throw new IOException("the shipped price table is broken", e);
        }
    }

    private static PriceTable attached(Attachment prices, ToolContext context) throws AgentFailure {
        try (InputStream stream = context.open(prices)) {
            return PriceTableReader.read(stream, "your " + Words.shown(prices.name()));
        } catch (UnusableLogException e) {
            throw Failures.unusablePrices(prices, e);
        } catch (IOException _) {
            throw Failures.unreadable(prices);
        }
    }
}
