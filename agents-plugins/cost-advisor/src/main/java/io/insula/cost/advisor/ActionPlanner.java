package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Orders the options into a plan: the largest saving first, then what the log must learn so that the open options get
 * figures, then a new measurement, and reserving last, since everything before it changes the peak.
 */
final class ActionPlanner {
    /** Savings below this part of the cost are not worth a step of a plan. */
    private static final BigDecimal LEAST_PERCENT = new BigDecimal("0.5");

    private final Savings savings;
    private final List<PlannedAction> actions = new ArrayList<>();

    ActionPlanner(Savings savings) {
        this.savings = savings;
    }

    ActionPlan plan() {
        List<String> missing = new ArrayList<>();
        Optional<SavingOption> reserve = Optional.empty();
        for (SavingOption option : savings.options()) {
            if (option.kind() == SavingKind.RESERVE_THROUGHPUT && option.supported()) {
                reserve = Optional.of(option);
            } else if (option.percent().filter(percent -> percent.compareTo(LEAST_PERCENT) >= 0).isPresent()) {
                add(option.kind().title() + " (" + option.figure() + ")", work(option.kind()), proof(option.kind()),
                        option.saving());
            } else if (!option.supported()) {
                missing.add(option.kind().title().toLowerCase(Locale.ROOT) + ": " + option.unsupported());
            }
        }
        if (!missing.isEmpty()) {
            add("Log what the open options need", String.join("; ", missing),
                    "attach the new log and ask again: these options have figures then", Optional.empty());
        }
        add("Measure again",
                "After each change, take a log of the same length at the same time of the week and compare cost"
                        + " per request, not the total: traffic moves the total.",
                "cost per request fell by what the option promised; if not, take the change back", Optional.empty());
        reserve.ifPresent(option -> add(option.kind().title(), work(option.kind()) + " " + sentence(option.figure()),
                proof(option.kind()), Optional.empty()));
        return new ActionPlan(savings.log(), actions);
    }

    private static String sentence(String figure) {
        return Character.toUpperCase(figure.charAt(0)) + figure.substring(1) + ".";
    }

    private void add(String title, String work, String proof, Optional<BigDecimal> saving) {
        actions.add(new PlannedAction(actions.size() + 1, title, work, proof, saving));
    }

    private static String work(SavingKind kind) {
        return switch (kind) {
            case ROUTE_SHORT_REQUESTS -> "Route by the number of input tokens and the allowed output, for one team first.";
            case BATCH_WHAT_CAN_WAIT -> "List the jobs nobody waits for (evaluations, summaries overnight, backfills) and move"
                    + " them to the batch interface.";
            case CAP_OUTPUTS -> "Set the limit of output tokens per call to the cap, and ask for short answers in the prompt.";
            case TRIM_CONTEXTS -> "Look at the longest prompts first: cut old turns, send fewer retrieved passages, and limit"
                    + " the length per call.";
            case CACHE_INPUTS -> "Put what repeats (instructions, tools, examples) first in the prompt and what changes last, and"
                    + " switch caching on where the provider asks for it.";
            case RESERVE_THROUGHPUT -> "Ask the provider for the hourly price of reserved capacity.";
        };
    }

    private static String proof(SavingKind kind) {
        return switch (kind) {
            case ROUTE_SHORT_REQUESTS -> "a blind comparison of 200 answers of both models before all traffic moves";
            case BATCH_WHAT_CAN_WAIT -> "the jobs still end in time; the bill shows the batch price";
            case CAP_OUTPUTS -> "the share of answers that end at the cap stays under 5 % and users do not ask again";
            case TRIM_CONTEXTS -> "the p90 of input tokens falls and your evaluation stays where it was";
            case CACHE_INPUTS -> "the share of cached tokens in the next log";
            case RESERVE_THROUGHPUT -> "the offer is below the break-even at the peak measured after the other steps";
        };
    }
}
