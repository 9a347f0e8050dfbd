package io.insula.agent.rules;

/**
 * A class that breaks one rule, and its twin that does nearly the same and keeps all.
 *
 * @param rule the rule
 * @param member the member that is named; empty if it is the class
 * @param breaking the text of the class {@code Sample} that breaks it, after package and imports
 * @param keeping that of its twin
 * @param library whether they are classes of a bundled library
 */
record RuleCase(Rule rule, String member, String breaking, String keeping, boolean library) {

    /** A case of whole classes. */
    static RuleCase ofClasses(Rule rule, String member, String breaking, String keeping) {
        return new RuleCase(rule, member, breaking, keeping, false);
    }

    /** A case of members of the class. */
    static RuleCase ofMembers(Rule rule, String member, String breaking, String keeping) {
        return ofClasses(rule, member, "class Sample { " + breaking + " }", "class Sample { " + keeping + " }");
    }

    /** A case of what a method {@code work} does. */
    static RuleCase ofCode(Rule rule, String breaking, String keeping) {
        return ofMembers(rule, "work", "void work() throws Exception { " + breaking + " }",
                "void work() throws Exception { " + keeping + " }");
    }

    /** The same, in a library. */
    static RuleCase inLibrary(Rule rule, String breaking, String keeping) {
        var own = ofCode(rule, breaking, keeping);
        return new RuleCase(rule, own.member(), own.breaking(), own.keeping(), true);
    }

    @Override
    public String toString() {
        return rule.id() + (library ? " (library): " : ": ") + breaking;
    }
}
