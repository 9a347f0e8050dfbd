package io.insula.cost.advisor;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a price table: CSV with the columns model, input and output, and if you like cached_input, cache_write,
 * batch_discount_percent, smaller_model, as_of and note. Prices are US dollars per million tokens.
 *
 * <p>Unlike a log it is refused whole for one bad row: a price silently left out would make every figure doubtful.
 */
final class PriceTableReader {
    private static final String SHIPPED = "prices.csv";
    private static final int MOST_ROWS = 500;
    private static final int LONGEST_MODEL = 200;
    private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(10_000);

    private final Map<String, Integer> positions = new HashMap<>();
    private final String source;

    private PriceTableReader(String source) {
        this.source = source;
    }

    /** Reads the table that comes with the plugin. */
    static PriceTable shipped() throws IOException, UnusableLogException {
        try (InputStream stream = PriceTableReader.class.getResourceAsStream(SHIPPED)) {
            if (stream == null) {
                throw new IOException("the plugin has no " + SHIPPED);
            }
            return read(stream, "the list shipped with the cost advisor");
        }
    }

    /** Reads a table from a stream, which is left open. */
    static PriceTable read(InputStream stream, String source) throws IOException, UnusableLogException {
        return new PriceTableReader(source).readAll(stream);
    }

    private PriceTable readAll(InputStream stream) throws IOException, UnusableLogException {
        var records = new CsvRecords(new LogText(stream), ',', ReadingLimits.defaults());
        CsvRecord header = records.next().orElseThrow(() -> new UnusableLogException("The price table is empty."));
        for (int i = 0; i < header.values().size(); i++) {
            positions.putIfAbsent(header.values().get(i).strip().toLowerCase(Locale.ROOT), i);
        }
        for (String needed : List.of("model", "input", "output")) {
            if (!positions.containsKey(needed)) {
                throw new UnusableLogException(
                        "The price table has no column \"" + needed + "\". It needs model, input and"
                                + " output, separated by commas.");
            }
        }
        List<Price> prices = new ArrayList<>();
        for (Optional<CsvRecord> row = records.next(); row.isPresent(); row = records.next()) {
            if (prices.size() == MOST_ROWS) {
                throw new UnusableLogException("The price table has more than " + MOST_ROWS + " rows.");
            }
            prices.add(price(row.get()));
        }
        if (prices.isEmpty()) {
            throw new UnusableLogException("The price table has no rows.");
        }
        return new PriceTable(source, prices);
    }

    private Price price(CsvRecord row) throws UnusableLogException {
        if (!row.problem().isEmpty()) {
            throw unusable(row, row.problem());
        }
        String model = text(row, "model").toLowerCase(Locale.ROOT);
        if (model.isEmpty() || model.length() > LONGEST_MODEL || model.indexOf('*') != model.lastIndexOf('*')) {
            throw unusable(row,
                    "the model must be a name of at most " + LONGEST_MODEL + " characters, with at most one *");
        }
        BigDecimal input = dollars(row, "input");
        BigDecimal cached = text(row, "cached_input").isEmpty() ? input : dollars(row, "cached_input");
        BigDecimal write = text(row, "cache_write").isEmpty() ? input : dollars(row, "cache_write");
        return new Price(model, input, cached, write, dollars(row, "output"), percent(row),
                Words.name(text(row, "smaller_model").toLowerCase(Locale.ROOT)), asOf(row),
                Words.name(text(row, "note")));
    }

    private BigDecimal dollars(CsvRecord row, String column) throws UnusableLogException {
        String text = text(row, column);
        if (!text.matches("[0-9]{1,5}(\\.[0-9]{1," + Price.MOST_DECIMALS + "})?")) {
            throw unusable(row, column + " must be US dollars per million tokens, such as 2.50");
        }
        var dollars = new BigDecimal(text);
        if (dollars.compareTo(HIGHEST_PRICE) > 0) {
            throw unusable(row, column + " is over " + HIGHEST_PRICE + " US dollars per million tokens");
        }
        return dollars;
    }

    private int percent(CsvRecord row) throws UnusableLogException {
        String text = text(row, "batch_discount_percent");
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,2}|100")) {
            throw unusable(row, "batch_discount_percent must be 0 to 100");
        }
        return Integer.parseInt(text);
    }

    private LocalDate asOf(CsvRecord row) throws UnusableLogException {
        String text = text(row, "as_of");
        if (text.isEmpty()) {
            return LocalDate.EPOCH;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException _) {
            throw unusable(row, "as_of must be a date such as 2025-12-01");
        }
    }

    private String text(CsvRecord row, String column) {
        int position = positions.getOrDefault(column, -1);
        return position < 0 || position >= row.values().size() ? "" : row.values().get(position).strip();
    }

    private static UnusableLogException unusable(CsvRecord row, String why) {
        return new UnusableLogException("The price table cannot be used, line " + row.line() + ": " + why + ".");
    }
}
