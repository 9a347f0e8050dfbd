package io.insula.endtoend;

import java.util.List;

/**
 * One way in that a plugin might try, and what became of it.
 *
 * @param id the plugin's id and the name of its agent
 * @param way what it tries, in words
 * @param rules the rules of the gate that must name it; empty if the gate admits it
 * @param barrier whether the platform without its gate stops it
 * @param seen what the attacker says then
 * @param requires what its module requires beyond the usual
 * @param members members of the agent's class
 * @param body of a method that is given the {@code context} and returns what the attacker has seen
 * @param trust whether another user runs it before, with words of her own
 */
record Attack(String id, String way, List<String> rules, Barrier barrier, String seen, String requires, String members,
        String body, Trust trust) {

    /** What stands behind the gate. */
    enum Barrier {
        /** The attacker gets nothing, and nobody else notices. */
        HOLDS,
        /** The attacker gets what it wants. */
        OPEN
    }

    /** Who runs it. */
    enum Trust {
        /** The attacker alone. */
        NOBODY,
        /** First another user, who takes it for a harmless agent. */
        ANOTHER_USER
    }

    /** An attack of one user alone that the barrier stops. */
    static Attack stopped(String id, String way, String rule, String seen, String body) {
        return new Attack(id, way, List.of(rule), Barrier.HOLDS, seen, "", "", body, Trust.NOBODY);
    }

    /** An attack of one user alone that only the gate stops. */
    static Attack open(String id, String way, String rule, String seen, String body) {
        return new Attack(id, way, List.of(rule), Barrier.OPEN, seen, "", "", body, Trust.NOBODY);
    }

    Attack requiring(String requires) {
        return new Attack(id, way, rules, barrier, seen, requires, members, body, trust);
    }

    /** With members that the agent's class has. */
    Attack with(String members) {
        return new Attack(id, way, rules, barrier, seen, requires, members, body, trust);
    }

    /** The gate admits it: what it uses is what plugins are given. */
    Attack admitted() {
        return new Attack(id, way, List.of(), barrier, seen, requires, members, body, trust);
    }

    /** Another user runs it first. */
    Attack trusted() {
        return new Attack(id, way, rules, barrier, seen, requires, members, body, Trust.ANOTHER_USER);
    }

    String module() {
        return "attack." + id.replace('-', '_');
    }

    String moduleInfo() {
        return "module " + module() + " { requires io.insula.agent; requires jakarta.inject; requires org.slf4j; "
                + requires + " }";
    }

    String source() {
        return """
            package %1$s;

            import io.insula.agent.*;
            import java.io.*;
            import java.util.*;
            import java.util.function.*;

            @AgentInfo(name = "%2$s", summary = "Tries a way in")
            public final class TheAgent implements Agent {
                record Said(String text) {}

                interface Way { Object go() throws Throwable; }

                /** What each of the ways gives or throws, each answer once. */
                static String outcome(Way... ways) {
                    var outcomes = new LinkedHashSet<String>();
                    for (var way : ways) {
                        try {
                            outcomes.add(String.valueOf(way.go()));
                        } catch (Throwable thrown) {
                            outcomes.add(thrown.getClass().getSimpleName());
                        }
                    }
                    return String.join(", ", outcomes);
                }

                %3$s

                @Override
                public AgentResult run(AgentContext context) throws Exception {
                    var said = new Said(attack(context));
                    context.say(said.text());
                    return AgentResult.of(said);
                }

                String attack(AgentContext context) throws Exception {
                    %4$s
                }
            }
            """.formatted(module(), id, members, body);
    }

    @Override
    public String toString() {
        return id;
    }
}
