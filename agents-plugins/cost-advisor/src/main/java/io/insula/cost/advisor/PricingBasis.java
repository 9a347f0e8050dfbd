package io.insula.cost.advisor;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What the costs rest on.
 *
 * @param source where the prices come from, in words
 * @param reference the reference model's price, if rows were priced at it
 * @param loggedRequests requests whose cost stands in the log
 * @param tableRequests requests priced by their own model
 * @param referenceRequests requests priced at the reference model
 * @param unpricedRequests requests without a cost
 * @param oldest date of the oldest price used, if one was
 * @param newest date of the newest price used, if one was
 * @param costColumn name of the log's own cost column, empty if it has none
 */
record PricingBasis(
        String source,
        Optional<Price> reference,
        long loggedRequests,
        long tableRequests,
        long referenceRequests,
        long unpricedRequests,
        Optional<LocalDate> oldest,
        Optional<LocalDate> newest,
        String costColumn) {}
