package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Reads the numbers of a log, refusing what no such number can be. */
final class Amounts {
    private static final int LONGEST = 40;
    /** The most digits before the point; beyond, a small text such as 1e999999999 would unfold to gigabytes. */
    private static final int MOST_INTEGER_DIGITS = 19;

    private final ReadingLimits limits;

    Amounts(ReadingLimits limits) {
        this.limits = limits;
    }

    /** A count of tokens: a whole number, also written as {@code 374.0}. */
    long tokens(String text, Field field) throws MalformedRowException {
        long digits = plainDigits(text);
        if (digits >= 0) {
            return atMost(digits, limits.tokensPerRequest(), field);
        }
        BigDecimal number = number(text, field);
        try {
            return atMost(number.longValueExact(), limits.tokensPerRequest(), field);
        } catch (ArithmeticException _) {
            throw new MalformedRowException(field.meaning() + " \"" + Words.shown(text) + "\" is not a whole number");
        }
    }

    /** A cost in US dollars as millionths of a millionth of a dollar; digits beyond are rounded half to even. */
    long picoDollars(String text) throws MalformedRowException {
        String plain = text.startsWith("$") ? text.substring(1) : text;
        BigDecimal dollars = number(plain, Field.COST);
        if (dollars.compareTo(BigDecimal.valueOf(limits.dollarsPerRequest())) > 0) {
            throw new MalformedRowException(Field.COST.meaning() + " is over " + limits.dollarsPerRequest());
        }
        return dollars.movePointRight(12).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    /** A latency in thousandths of the log's own unit; digits beyond are rounded half to even. */
    long thousandths(String text) throws MalformedRowException {
        BigDecimal number = number(text, Field.LATENCY);
        if (number.precision() - number.scale() > 12) {
            throw new MalformedRowException("latency \"" + Words.shown(text) + "\" is too large");
        }
        return number.movePointRight(3).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    private static long plainDigits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    private static BigDecimal number(String text, Field field) throws MalformedRowException {
        if (text.isEmpty()) {
            throw new MalformedRowException("no " + field.meaning());
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text.length() > LONGEST ? "" : decimalPoint(text));
        } catch (NumberFormatException _) {
            throw new MalformedRowException(field.meaning() + " \"" + Words.shown(text) + "\" is not a number");
        }
        if (number.signum() < 0) {
            throw new MalformedRowException(field.meaning() + " \"" + Words.shown(text) + "\" is negative");
        }
        if ((long) number.precision() - number.scale() > MOST_INTEGER_DIGITS) {
            throw new MalformedRowException(field.meaning() + " \"" + Words.shown(text) + "\" is too large");
        }
        // Nothing so small counts, and a scale of millions of digits would be as costly as a large exponent.
        return (long) number.precision() - number.scale() < -LONGEST ? BigDecimal.ZERO : number;
    }

    /** One comma and no point is a decimal comma, unless it may stand before thousands. */
    private static String decimalPoint(String text) {
        int comma = text.indexOf(',');
        boolean single = comma >= 0 && text.indexOf('.') < 0 && text.indexOf(',', comma + 1) < 0;
        boolean thousands = text.length() - comma - 1 == 3 && !text.startsWith("0,");
        return single && !thousands ? text.replace(',', '.') : text;
    }

    private static long atMost(long number, long most, Field field) throws MalformedRowException {
        if (number > most) {
            throw new MalformedRowException(field.meaning() + " " + number + " is over " + most);
        }
        return number;
    }
}
