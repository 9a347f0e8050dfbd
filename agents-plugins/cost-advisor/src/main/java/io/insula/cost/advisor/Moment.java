package io.insula.cost.advisor;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * A time stamp of a log.
 *
 * @param epochSecond seconds since 1970-01-01T00:00Z; fractions are dropped
 * @param zoned whether the log said the zone; without one it is taken as UTC
 * @param timed whether the log said the time of day, not only the date
 */
record Moment(long epochSecond, boolean zoned, boolean timed) {
    private static final long FIRST_SECOND = LocalDate.of(2000, 1, 1).toEpochDay() * 86_400;
    private static final long END_SECOND = LocalDate.of(2100, 1, 1).toEpochDay() * 86_400;
    private static final long MILLIS_FROM = 100_000_000_000L;
    private static final long MICROS_FROM = 100_000_000_000_000L;
    private static final long NANOS_FROM = 100_000_000_000_000_000L;
    private static final int LONGEST = 40;
    private static final int MOST_FRACTION_DIGITS = 9;

    /**
     * Reads ISO 8601 (T or space, 0 to 9 digits of a fraction, Z, an offset or none), a date alone, or a number of
     * seconds, milliseconds, microseconds or nanoseconds since 1970.
     */
    static Moment parse(String text) throws MalformedRowException {
        if (text.isEmpty()) {
            throw new MalformedRowException("no time");
        }
        Moment moment = text.length() > LONGEST ? unreadable(text) : new Reader(text).read();
        if (moment.epochSecond < FIRST_SECOND || moment.epochSecond >= END_SECOND) {
            throw new MalformedRowException("time \"" + Words.shown(text) + "\" is not between 2000 and 2099");
        }
        return moment;
    }

    private static Moment unreadable(String text) throws MalformedRowException {
        throw new MalformedRowException(
                "time \"" + Words.shown(text) + "\" is neither ISO 8601 nor seconds since 1970");
    }

    private static final class Reader {
        private final String text;
        private int position;

        Reader(String text) {
            this.text = text;
        }

        Moment read() throws MalformedRowException {
            int digits = 0;
            while (digits < text.length() && isDigit(digits)) {
                digits++;
            }
            if (digits >= 9 && (digits == text.length() || text.charAt(digits) == '.')) {
                return readEpoch(digits);
            }
            if (digits != 4) {
                return unreadable(text);
            }
            return readCalendar();
        }

        private Moment readEpoch(int digits) throws MalformedRowException {
            position = digits;
            if (!atEnd()) {
                readFraction('.');
            }
            if (digits > 19 || !atEnd()) {
                return unreadable(text);
            }
            long number;
            try {
                number = Long.parseLong(text, 0, digits, 10);
            } catch (NumberFormatException _) {
                return unreadable(text);
            }
            long second = number;
            if (number >= NANOS_FROM) {
                second = number / 1_000_000_000;
            } else if (number >= MICROS_FROM) {
                second = number / 1_000_000;
            } else if (number >= MILLIS_FROM) {
                second = number / 1_000;
            }
            return new Moment(second, true, true);
        }

        private Moment readCalendar() throws MalformedRowException {
            int year = number(4);
            char dash = take("-/");
            int month = number(2);
            take(String.valueOf(dash));
            int day = number(2);
            long date;
            try {
                date = LocalDate.of(year, month, day).toEpochDay() * 86_400;
            } catch (DateTimeException _) {
                return unreadable(text);
            }
            if (atEnd()) {
                return new Moment(date, false, false);
            }
            take("Tt ");
            int hour = below(24);
            take(":");
            int minute = below(60);
            int second = 0;
            if (!atEnd() && text.charAt(position) == ':') {
                position++;
                // 60 is a leap second.
                second = below(61);
                if (!atEnd() && (text.charAt(position) == '.' || text.charAt(position) == ',')) {
                    readFraction(text.charAt(position));
                }
            }
            boolean zoned = !atEnd();
            long offset = zoned ? readOffset() : 0;
            return new Moment(date + hour * 3_600L + minute * 60L + second - offset, zoned, true);
        }

        private void readFraction(char point) throws MalformedRowException {
            take(String.valueOf(point));
            int start = position;
            while (!atEnd() && isDigit(position)) {
                position++;
            }
            if (position == start || position - start > MOST_FRACTION_DIGITS) {
                unreadable(text);
            }
        }

        private long readOffset() throws MalformedRowException {
            String zone = text.substring(position).strip();
            if (zone.equals("Z") || zone.equals("z") || zone.equals("UTC") || zone.equals("GMT")) {
                return 0;
            }
            if (text.charAt(position) == ' ') {
                position++;
            }
            char sign = take("+-");
            long offset = below(19) * 3_600L;
            if (!atEnd()) {
                if (text.charAt(position) == ':') {
                    position++;
                }
                offset += below(60) * 60L;
            }
            if (!atEnd()) {
                unreadable(text);
            }
            return sign == '+' ? offset : -offset;
        }

        private int below(int bound) throws MalformedRowException {
            int number = number(2);
            if (number >= bound) {
                unreadable(text);
            }
            return number;
        }

        private int number(int digits) throws MalformedRowException {
            int number = 0;
            for (int i = 0; i < digits; i++) {
                if (atEnd() || !isDigit(position)) {
                    unreadable(text);
                }
                number = number * 10 + (text.charAt(position++) - '0');
            }
            return number;
        }

        private char take(String allowed) throws MalformedRowException {
            if (atEnd() || allowed.indexOf(text.charAt(position)) < 0) {
                unreadable(text);
            }
            return text.charAt(position++);
        }

        private boolean atEnd() {
            return position >= text.length();
        }

        private boolean isDigit(int at) {
            return text.charAt(at) >= '0' && text.charAt(at) <= '9';
        }
    }
}
