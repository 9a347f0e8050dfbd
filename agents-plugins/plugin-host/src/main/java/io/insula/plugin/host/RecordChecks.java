package io.insula.plugin.host;

import io.insula.agent.hosting.RecordMismatchException;
import io.insula.plugin.host.RecordShape.Bounds;
import java.math.BigDecimal;

/** The checks that hold for a value whichever way it goes. */
final class RecordChecks {
    /** The most digits of a number, and the most zeros that its exponent may add. */
    static final int MAX_DIGITS = 1_000;

    private RecordChecks() {}

    static void checkDepth(Place place, int maxDepth) throws RecordMismatchException {
        if (place.depth() > maxDepth) {
            throw place.mismatch("is nested more than " + maxDepth + " levels deep");
        }
    }

    static void checkText(String text, Bounds bounds, Place place) throws RecordMismatchException {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i)) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw place.mismatch("holds half of a surrogate pair");
            }
        }
        if (bounds.hasMaximumLength() && text.length() > bounds.maximumLength()
                && text.codePointCount(0, text.length()) > bounds.maximumLength()) {
            throw place.mismatch("has more than " + bounds.maximumLength() + " characters");
        }
    }

    static void checkSize(int size, Bounds bounds, Place place) throws RecordMismatchException {
        if (size > bounds.maximumLength()) {
            throw place.mismatch("has more than " + bounds.maximumLength() + " elements");
        }
    }

    static void checkRange(long value, Bounds bounds, Place place) throws RecordMismatchException {
        if (value < bounds.minimum()) {
            throw place.mismatch("is less than " + bounds.minimum());
        }
        if (value > bounds.maximum()) {
            throw place.mismatch("is greater than " + bounds.maximum());
        }
    }

    static void checkRange(BigDecimal value, Bounds bounds, Place place) throws RecordMismatchException {
        if (bounds.hasMinimum() && value.compareTo(BigDecimal.valueOf(bounds.minimum())) < 0) {
            throw place.mismatch("is less than " + bounds.minimum());
        }
        if (bounds.hasMaximum() && value.compareTo(BigDecimal.valueOf(bounds.maximum())) > 0) {
            throw place.mismatch("is greater than " + bounds.maximum());
        }
    }

    static void checkRange(double value, Bounds bounds, Place place) throws RecordMismatchException {
        if (!Double.isFinite(value)) {
            throw place.mismatch("is not a finite number of 64 bits");
        }
        if (bounds.hasMinimum() || bounds.hasMaximum()) {
            checkRange(new BigDecimal(value), bounds, place);
        }
    }

    static void checkDigits(BigDecimal value, Place place) throws RecordMismatchException {
        // A short text such as 1E+999999999 would fill the memory of whoever writes it out.
        if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS) {
            throw place.mismatch("has more than " + MAX_DIGITS + " digits");
        }
    }
}
