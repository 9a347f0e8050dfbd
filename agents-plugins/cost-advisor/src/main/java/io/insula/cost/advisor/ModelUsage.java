package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Usage of one model, with what the savings are computed from.
 *
 * @param model the name in the log, or words for none or for several
 * @param price the row of the price table that is its own, if there is one
 * @param smaller the price of the next smaller model, if the log names models and the table knows it
 * @param sums all its requests
 * @param loggedRequests those whose cost stands in the log
 * @param shortRequests its requests that are short by {@link Assumptions}
 * @param inputAboveLimit input tokens beyond the limit of the option to trim contexts, summed over its requests
 * @param outputAboveCap output tokens beyond the cap of the option to cap outputs, summed over its requests
 */
record ModelUsage(
        String model,
        Optional<Price> price,
        Optional<Price> smaller,
        Sums sums,
        long loggedRequests,
        Sums shortRequests,
        long inputAboveLimit,
        long outputAboveCap) {

    /**
     * Sums over requests.
     *
     * @param requests how many
     * @param inputTokens input tokens, those from and to a cache included
     * @param cacheReadTokens input tokens read from a cache
     * @param cacheWriteTokens input tokens written to a cache
     * @param outputTokens output tokens
     * @param cost what the priced ones cost in US dollars, exact
     * @param pricedRequests how many are priced
     */
    record Sums(
            long requests,
            long inputTokens,
            long cacheReadTokens,
            long cacheWriteTokens,
            long outputTokens,
            BigDecimal cost,
            long pricedRequests) {}
}
