package io.insula.agent.rules;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which classes and members somebody may use, read from a table of lines.
 *
 * @param lines for each name the rule that its line names, or none if it allows
 */
record ReferenceTable(Map<String, Optional<Rule>> lines) {
    private static final Map<String, Rule> RULES =
            Arrays.stream(Rule.values()).collect(Collectors.toUnmodifiableMap(Rule::id, rule -> rule));

    static final ReferenceTable OWN = read("own.rules");
    static final ReferenceTable LIBRARY = read("library.rules");

    ReferenceTable {
        lines = Map.copyOf(lines);
    }

    /**
     * What the most precise line says of a member.
     *
     * @param owner the class, as {@code java.util.Map$Entry}
     * @return nothing if no line says anything; else the rule it breaks, if it breaks one
     */
    Optional<Optional<Rule>> member(String owner, String name, String descriptor, boolean ofJdk) {
        var member = owner + "." + name;
        var line = lines.get(member + descriptor);
        line = line == null ? lines.get(member) : line;
        line = line == null ? lines.get(owner + ".*") : line;
        if (ofJdk && line == null) {
            line = lines.get("*." + name + descriptor);
            line = line == null ? lines.get("*." + name) : line;
        }
        return line == null ? type(owner) : Optional.of(line);
    }

    /** What the most precise line says of a class. */
    Optional<Optional<Rule>> type(String name) {
        for (var outer = name; !outer.isEmpty(); outer = before(outer, '$')) {
            var line = lines.get(outer);
            if (line != null) {
                return Optional.of(line);
            }
        }
        if (name.startsWith("java.") && (name.endsWith("Exception") || name.endsWith("Error"))) {
            return Optional.of(Optional.empty());
        }
        var packageName = before(name, '.');
        var line = lines.get(packageName + ".*");
        for (var above = packageName; line == null && !above.isEmpty(); above = before(above, '.')) {
            line = lines.get(above + ".**");
        }
        return Optional.ofNullable(line);
    }

    private static String before(String name, char separator) {
        return name.substring(0, Math.max(0, name.lastIndexOf(separator)));
    }

    private static ReferenceTable read(String resource) {
        return of(resource, linesOf(resource));
    }

    /**
     * The table that these lines make.
     *
     * @param resource where they stand
     * @throws IllegalStateException if one of them is no rule, or two are about the same
     */
    static ReferenceTable of(String resource, List<String> texts) {
        var lines = new HashMap<String, Optional<Rule>>();
        for (var line : texts) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var colon = line.indexOf(": ");
            var head = colon < 0 ? List.<String>of() : List.of(line.substring(0, colon).split(" ", -1));
            var denies = head.size() == 3 && head.getFirst().equals("deny") && RULES.containsKey(head.get(1));
            if (!denies && !(head.size() == 2 && head.getFirst().equals("allow"))) {
                throw new IllegalStateException(resource + " has a line that is no rule: " + line);
            }
            var rule = denies ? Optional.ofNullable(RULES.get(head.get(1))) : Optional.<Rule>empty();
            for (var name : line.substring(colon + 2).split(" ", -1)) {
                var before = lines.put(head.getLast() + "." + name, rule);
                if (before != null) {
                    throw new IllegalStateException(resource + " has two lines about " + head.getLast() + "." + name);
                }
            }
        }
        return new ReferenceTable(lines);
    }

    private static List<String> linesOf(String resource) {
        try (var stream = ReferenceTable.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return new InputStreamReader(stream, StandardCharsets.UTF_8).readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
