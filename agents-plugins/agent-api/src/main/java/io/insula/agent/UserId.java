package io.insula.agent;

import java.util.Locale;
import java.util.Set;

/**
 * An authenticated person or service: who vouches for them, and who they are there.
 *
 * <p>Two ids are the same user only if both parts are equal character by character; ids that merely look alike are
 * different users, and ids that cannot be told apart by eye (invisible characters, spaces at the ends, other Unicode
 * forms) are refused. There is no anonymous, default or placeholder user: such subjects are refused too, because they
 * come from a broken identity provider and would be shared by everybody.
 *
 * @param issuer who authenticated the user, at most {@value #MAX_LENGTH} characters; never {@code null}
 * @param subject the user's name at that issuer, at most {@value #MAX_LENGTH} characters; never {@code null}
 */
public record UserId(String issuer, String subject) {
    /** The most characters that an issuer or a subject may have. */
    public static final int MAX_LENGTH = 255;

    private static final Set<String> PLACEHOLDERS =
            Set.of("anonymous", "default", "null", "undefined", "none", "unknown");

    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if a part is blank, too long, holds invisible characters, or is a placeholder
     */
    public UserId {
        Identifiers.checkName(issuer, "issuer", MAX_LENGTH);
        Identifiers.checkName(subject, "subject", MAX_LENGTH);
        if (PLACEHOLDERS.contains(subject.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("subject is a placeholder, not a user");
        }
    }
}
