package io.insula.cost.advisor;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Says what the costs rest on: the first line of every answer. */
final class PricingSentence {
    private PricingSentence() {}

    static String of(PricingBasis basis) {
        List<String> parts = new ArrayList<>();
        if (basis.loggedRequests() > 0) {
            parts.add("Costs are those in the log's own column " + Markdown.code(basis.costColumn())
                    + others(basis.tableRequests() + basis.referenceRequests() + basis.unpricedRequests(),
                            " (" + Words.count(basis.loggedRequests(), "request") + ")")
                    + ", taken as US dollars.");
        }
        basis.reference().ifPresent(price -> parts.add(reference(price, basis)));
        if (basis.tableRequests() > 0) {
            parts.add((basis.loggedRequests() > 0
                    ? "Priced where the log has no cost (" + Words.count(basis.tableRequests(), "request") + ")"
                    : "Priced") + " by the model named in each row" + from(basis) + ".");
        }
        if (parts.isEmpty()) {
            parts.add("Nothing is priced: no model of this log is in the price table.");
        } else if (basis.unpricedRequests() > 0) {
            parts.add("Not priced: " + Words.count(basis.unpricedRequests(), "request")
                    + " of models that are not in the price table.");
        }
        return String.join(" ", parts);
    }

    private static String reference(Price price, PricingBasis basis) {
        String cached = price.cachedInput().compareTo(price.input()) < 0 ? ", cached input " + price.cachedInput() : "";
        return (basis.loggedRequests() > 0
                ? "Priced where the log has no cost (" + Words.count(basis.referenceRequests(), "request") + ")"
                : "Priced")
                + " at the reference model " + Markdown.code(price.model())
                + " and at no other, because the log names no model:"
                + " USD " + price.input() + " per million input tokens" + cached + ", output " + price.output()
                + from(basis)
                + ".";
    }

    private static String from(PricingBasis basis) {
        String dates = "";
        if (basis.oldest().isPresent() && basis.newest().isPresent()) {
            LocalDate oldest = basis.oldest().get();
            LocalDate newest = basis.newest().get();
            dates = oldest.equals(newest) ? " as of " + newest : " as of " + oldest + " to " + newest;
        }
        return " (prices from " + Markdown.text(basis.source()) + dates + "; check them against your contract)";
    }

    private static String others(long requests, String words) {
        return requests > 0 ? words : "";
    }
}
