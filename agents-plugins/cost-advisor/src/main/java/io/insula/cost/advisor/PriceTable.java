package io.insula.cost.advisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The prices to reckon with; the first row is the reference model for logs that name none.
 *
 * @param source where the prices come from, in words
 * @param prices the rows; a name that several match belongs to the exact one, else to the longest, else to the first
 */
record PriceTable(String source, List<Price> prices) {
    PriceTable {
        prices = List.copyOf(prices);
        if (prices.isEmpty()) {
            throw new IllegalArgumentException("a price table has at least one row");
        }
    }

    Price reference() {
        return prices.getFirst();
    }

    /** This table with another of its rows as the reference model; the same table if it has no such row. */
    PriceTable withReference(String model) {
        List<Price> reordered = new ArrayList<>(prices);
        for (Price price : prices) {
            if (price.model().equals(model)) {
                reordered.remove(price);
                reordered.addFirst(price);
                break;
            }
        }
        return new PriceTable(source, reordered);
    }

    /** This table with the rows of another looked at first. */
    PriceTable overriddenBy(PriceTable other) {
        List<Price> all = new ArrayList<>(other.prices);
        for (Price price : prices) {
            if (other.prices.stream().noneMatch(theirs -> theirs.model().equals(price.model()))) {
                all.add(price);
            }
        }
        return new PriceTable(other.source + ", then " + source, all);
    }

    /** The price of a model, found by its name without its provider's prefix ({@code azure/gpt-4o}); never guessed. */
    Optional<Price> find(String modelName) {
        String name = modelName.toLowerCase(Locale.ROOT).strip();
        Optional<Price> whole = best(name);
        int slash = name.lastIndexOf('/');
        return whole.isPresent() || slash < 0 ? whole : best(name.substring(slash + 1));
    }

    private Optional<Price> best(String name) {
        Optional<Price> best = Optional.empty();
        for (Price price : prices) {
            if (price.model().equals(name)) {
                return Optional.of(price);
            }
            boolean longer = best.isEmpty() || price.model().length() > best.get().model().length();
            if (longer && price.matches(name)) {
                best = Optional.of(price);
            }
        }
        return best;
    }

    /** The one model of this table that the words name, if there is exactly one. */
    Optional<Price> namedIn(String words) {
        List<Price> named = new ArrayList<>();
        for (String word : words.toLowerCase(Locale.ROOT).split("[^a-z0-9.:_-]+", -1)) {
            String name = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
            for (Price price : prices) {
                if (price.model().equals(name) && !named.contains(price)) {
                    named.add(price);
                }
            }
        }
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }
}
