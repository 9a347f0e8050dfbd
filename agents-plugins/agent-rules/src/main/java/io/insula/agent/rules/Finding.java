package io.insula.agent.rules;

/**
 * One place where a plugin breaks a rule. The names are as they stand in the class file, cut to
 * {@value #MOST_CHARACTERS} characters: make them printable before you show them.
 *
 * @param rule the rule
 * @param className the class, as {@code demo.Agent$Inner}; empty if it is about the file as a whole
 * @param member the field or method of the class; empty if it is about the class as a whole
 * @param reason what is there
 * @param remedy what to do instead
 */
public record Finding(Rule rule, String className, String member, String reason, String remedy) {
    private static final int MOST_CHARACTERS = 1_000;

    /** Cuts what is too long. */
    public Finding {
        className = cut(className);
        member = cut(member);
        reason = cut(reason);
        remedy = cut(remedy);
    }

    /** A finding about the file as a whole. */
    public static Finding ofFile(Rule rule, String reason) {
        return new Finding(rule, "", "", reason, rule.remedy());
    }

    /** The place: class and member, or nothing. */
    public String place() {
        return member.isEmpty() ? className : className + "." + member;
    }

    /** One line of text: rule, place, reason, remedy. */
    public String text() {
        return "[" + rule.id() + "] " + (place().isEmpty() ? "" : place() + " ") + reason
                + (remedy.isEmpty() || reason.endsWith(remedy) ? "" : (reason.endsWith(".") ? " " : ". ") + remedy);
    }

    private static String cut(String text) {
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS - 1) + "…" : text;
    }
}
