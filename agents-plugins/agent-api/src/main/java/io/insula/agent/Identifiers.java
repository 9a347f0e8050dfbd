package io.insula.agent;

import java.text.Normalizer;

/** The checks that the identifiers of this package share. */
final class Identifiers {
    private static final String TOKEN_CHARACTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:-";

    private Identifiers() {}

    /** Returns {@code value} if it is made of 1 to {@code maxLength} letters, digits and {@code . _ ~ : -}. */
    static String checkToken(String value, String what, int maxLength) {
        if (value.isEmpty() || value.length() > maxLength) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + maxLength + " characters, has " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            if (TOKEN_CHARACTERS.indexOf(value.charAt(i)) < 0) {
                throw new IllegalArgumentException(
                        what + " may hold letters, digits and . _ ~ : - only; character " + (i + 1)
                                + " is none of them");
            }
        }
        return value;
    }

    /**
     * Returns {@code value} if two people can never mistake it for another: not blank, at most {@code maxLength}
     * characters, no control or unpaired characters, no space at either end, in Unicode's composed form (NFC).
     */
    static String checkName(String value, String what, int maxLength) {
        if (value.isBlank() || value.length() > maxLength) {
            throw new IllegalArgumentException(what + " must have 1 to " + maxLength + " characters and not be blank");
        }
        if (!value.equals(value.strip())) {
            throw new IllegalArgumentException(what + " begins or ends with white space");
        }
        if (value.codePoints().anyMatch(Identifiers::isInvisible)) {
            throw new IllegalArgumentException(what + " holds a control, format or unpaired character");
        }
        if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
            throw new IllegalArgumentException(what + " is not in Unicode normalisation form C");
        }
        return value;
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
