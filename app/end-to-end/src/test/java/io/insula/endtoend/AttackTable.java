package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of all attacks, as the tables of the documentation. */
final class AttackTable {
    private static final String RENEW = "insula.attacks.renew";
    private static final Path FILE = Path.of(System.getProperty("reactor.root", ""), "docs", "attacks.md");
    private static final String BEGIN = "<!-- The tables begin. A test writes them. -->\n";
    private static final String END = "<!-- The tables end. -->\n";
    private static final String HEAD = """
            | attack | what it does | the gate | without the gate | what it sees then |
            |---|---|---|---|---|
            """;

    private final Map<String, String> refusals = new HashMap<>();
    private final Map<String, String> seen = new HashMap<>();

    /** Notes the problem that the application had with a plugin of this id, or that it had none. */
    void judge(String id, String problem) {
        refusals.put(id, problem);
    }

    /** Notes what an attacker saw in an application without the gate. */
    void see(String id, String what) {
        seen.put(id, what);
    }

    Map<String, String> seen() {
        return Map.copyOf(seen);
    }

    /** The rules that named an attack, of those that were expected to, or that the gate admitted it. */
    String judged(Attack attack) {
        var problem = refusals.getOrDefault(attack.id(), "was not looked at");
        if (problem.isEmpty()) {
            return "admits it";
        }
        return attack.rules().stream().allMatch(rule -> problem.contains("[" + rule + "]")) && !attack.rules().isEmpty()
                ? "refuses it: "
                        + attack.rules().stream().map(rule -> "`" + rule + "`").collect(Collectors.joining(", "))
                : "refuses it: " + problem;
    }

    /** Fails if the documentation holds other tables than these; writes them there if it is asked to. */
    void compareWithDocumentation(Map<String, List<Attack>> groups) throws IOException {
        var tables = new StringBuilder();
        groups.forEach((title, attacks) -> tables.append("\n### ").append(title).append("\n\n").append(table(attacks)));
        tables.append('\n');
        var text = Files.readString(FILE);
        var begin = text.indexOf(BEGIN) + BEGIN.length();
        var end = text.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, () -> FILE + " has no place for the tables");
        if (Boolean.getBoolean(RENEW)) {
            Files.writeString(FILE, text.substring(0, begin) + tables + text.substring(end));
        } else {
            assertTrue(text.substring(begin, end).contentEquals(tables), () -> FILE + " tells of other attacks or"
                    + " other outcomes than were seen. If what was seen is right, run this test with -D" + RENEW
                    + "=true, which writes it there. Seen:\n" + tables);
        }
    }

    private String table(List<Attack> attacks) {
        return HEAD + attacks.stream().map(attack -> "| `" + attack.id() + "` | " + attack.way() + " | "
                + judged(attack) + " | "
                + (attack.barrier() == Attack.Barrier.HOLDS ? "is stopped" : "**gets through**")
                + " | " + seen.get(attack.id()) + " |\n").collect(Collectors.joining());
    }
}
