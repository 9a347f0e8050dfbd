package io.insula.cost.advisor;

import io.insula.agent.AgentFailure;
import io.insula.agent.Attachment;
import io.insula.agent.ToolContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where the tools get their prices: the shipped list, with the user's own rows before it if there are any. */
final class PriceSource {
    private PriceSource() {}

    /**
     * Reads the prices.
     *
     * @throws AgentFailure with the code {@code prices-unusable} if the user's table has a bad row
     */
    static PriceTable read(Optional<Attachment> own, ToolContext context) throws AgentFailure, IOException {
        return own.isEmpty() ? shipped() : shipped().overriddenBy(attached(own.get(), context));
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
