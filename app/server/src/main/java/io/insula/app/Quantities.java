package io.insula.app;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them: {@code 64 KiB}, {@code 10 min}. */
final class Quantities {
    private record Unit(String name, long factor) {}

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\s*([A-Za-z]*)");
    private static final List<Unit> SIZES =
            List.of(new Unit("GiB", 1L << 30), new Unit("MiB", 1L << 20), new Unit("KiB", 1L << 10), new Unit("B", 1));
    private static final List<Unit> TIMES = List.of(
            new Unit("d", Duration.ofDays(1).toMillis()),
            new Unit("h", Duration.ofHours(1).toMillis()),
            new Unit("min", Duration.ofMinutes(1).toMillis()),
            new Unit("s", Duration.ofSeconds(1).toMillis()),
            new Unit("ms", 1));

    private Quantities() {}

    /** Reads a number of bytes; throws {@link IllegalArgumentException} with what it must be. */
    static long bytes(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be a size such as 65536, 64 KiB, 16 MiB or 1 GiB");
        }
        var unit = form.group(2).isEmpty() ? "B" : form.group(2);
        return positive(form, SIZES, unit, "the unit of a size must be B, KiB, MiB or GiB");
    }

    /** Reads a length of time; throws {@link IllegalArgumentException} with what it must be. */
    static Duration time(String text) {
        var form = FORM.matcher(text);
        if (!form.matches() || form.group(2).isEmpty()) {
            throw new IllegalArgumentException("must be a time such as 500 ms, 10 s, 5 min, 2 h or 30 d");
        }
        return Duration.ofMillis(positive(form, TIMES, form.group(2), "the unit of a time must be ms, s, min, h or d"));
    }

    /** Writes a number of bytes in its largest whole unit. */
    static String text(long bytes) {
        return text(bytes, SIZES);
    }

    /** Writes a length of time in its largest whole unit. */
    static String text(Duration time) {
        return text(time.toMillis(), TIMES);
    }

    private static String text(long amount, List<Unit> units) {
        for (var unit : units) {
            if (amount >= unit.factor() && amount % unit.factor() == 0) {
                return amount / unit.factor() + " " + unit.name();
            }
        }
        return amount + " " + units.getLast().name();
    }

    private static long positive(Matcher form, List<Unit> units, String name, String otherwise) {
        var amount = Long.parseLong(form.group(1));
        if (amount == 0) {
            throw new IllegalArgumentException("must be more than 0");
        }
        for (var unit : units) {
            if (unit.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return multiply(amount, unit.factor());
            }
        }
        throw new IllegalArgumentException(otherwise);
    }

    private static long multiply(long amount, long factor) {
        try {
            return Math.multiplyExact(amount, factor);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }
}
