package io.insula.agent.rules;

import static io.insula.agent.rules.RuleCase.ofClasses;
import static io.insula.agent.rules.RuleCase.ofMembers;

import java.util.List;

/** What functions hold that are handed on before they come to where all runs share them. */
final class FunctionCases {
    private FunctionCases() {}

    static List<RuleCase> all() {
        var lists = " static Supplier<List<String>> of(List<String> all) { return () -> all; }";
        var functions = " static Function<String, List<String>> of(List<String> all) { return one -> all; }";
        return List.of(
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {}"
                        + " static final Cell CELL = of(new ArrayList<>());"
                        + " static Cell of(List<String> all) { return new Cell(() -> all); }",
                        "record Cell(String name, Predicate<String> test) {"
                                + " Cell { Objects.requireNonNull(test); } }"
                                + " static final List<Cell> CELL = List.of(new Cell(\"a\", String::isEmpty),"
                                + " cell(1, \"b\", text -> text.length() > 3));"
                                + " static Cell cell(long number, String name, Predicate<String> test) {"
                                + " return new Cell(name + number, test); }"),
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {}"
                        + " static final Cell CELL = cell(1, of(new ArrayList<>()));"
                        + " static Cell cell(long number, Supplier<List<String>> all) { return new Cell(all); }"
                        + lists,
                        "record Cell(Supplier<String> all) {} static final Cell CELL = cell(() -> \"a\");"
                                + " static Cell cell(Supplier<String> all) { return new Cell(all); }"),
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {"
                        + " static Cell of(Function<Supplier<List<String>>, Cell> cells, List<String> all) {"
                        + " return cells.apply(() -> all); } }"
                        + " static final Cell CELL = Cell.of(Cell::new, new ArrayList<>());",
                        "record Cell(Supplier<String> all) { static Cell of(Function<Supplier<String>, Cell> cells,"
                                + " String all) { return cells.apply(() -> all); } }"
                                + " static final Cell CELL = Cell.of(all -> new Cell(() -> \"a\"), \"b\");"),
                ofMembers(Rule.STATIC_STATE, "CELL", "static class Cell { final Supplier<List<String>> all;"
                        + " Cell(List<String> all) { Supplier<List<String>> held = () -> List.of(); if (all != null) {"
                        + " held = () -> all; } this.all = Objects.requireNonNull(held); } }"
                        + " static final Cell CELL = new Cell(null);",
                        "static class Cell { final Supplier<List<String>> all; Cell(String all) {"
                                + " Supplier<List<String>> held = () -> List.of(); if (all != null) {"
                                + " held = () -> List.of(all); } this.all = Objects.requireNonNull(held); } }"
                                + " static final Cell CELL = new Cell(null);"),
                ofMembers(Rule.STATIC_STATE, "CELL", "static class Own extends ArrayList<String>"
                        + " implements Supplier<List<String>> { @Override public List<String> get() { return this; } }"
                        + " record Cell(Supplier<List<String>> all) {} static final Cell CELL = new Cell(new Own());",
                        "record Own(String one) implements Supplier<String> {"
                                + " @Override public String get() { return one; } }"
                                + " record Cell(Supplier<String> all) {} static final Cell CELL = new Cell(new Own(\"a\"));"),
                ofClasses(Rule.STATIC_STATE, "all", "enum Sample { ONE(of(new ArrayList<>()));"
                        + " final Supplier<List<String>> all; Sample(Supplier<List<String>> all) { this.all = all; }"
                        + lists + " }",
                        "enum Sample { ONE((a, b) -> a + b), TWO(Integer::max) { @Override int number() { return 2; } };"
                                + " final IntBinaryOperator all; Sample(IntBinaryOperator all) { this.all = all; }"
                                + " int number() { return 1; } }"),
                ofMembers(Rule.STATIC_STATE, "ALL",
                        "static final List<Supplier<List<String>>> ALL = List.of(of(new ArrayList<>()));" + lists,
                        "static final Map<Integer, BinaryOperator<Integer>> ALL = Map.of(1, (a, b) -> a + b, 2,"
                                + " BinaryOperator.maxBy(Comparator.naturalOrder()));"
                                + " static final Optional<Supplier<String>> ONE = Optional.of(() -> \"a\");"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final List<Supplier<List<String>>> ALL; static {"
                        + " @SuppressWarnings(\"unchecked\") Supplier<List<String>>[] each = new Supplier[1];"
                        + " each[0] = of(new ArrayList<>()); ALL = List.of(each); }" + lists,
                        "static final List<Supplier<String>> ALL; static { int[] numbers = {1, 2};"
                                + " String[] names = {\"a\"}; Supplier<String> one = () -> \"a\";"
                                + " ALL = List.of(one, () -> \"b\", one, one, one, one, one, one, one, one, one); }"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final List<Supplier<List<String>>> ALL; static {"
                        + " @SuppressWarnings(\"unchecked\") Supplier<List<String>>[] each = new Supplier[1];"
                        + " Arrays.fill(each, of(new ArrayList<>())); ALL = List.of(each); }" + lists,
                        "@SuppressWarnings(\"unchecked\") static final List<Supplier<String>> ALL ="
                                + " List.of(new Supplier[] {() -> \"a\"});"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final Map<String, Supplier<List<String>>> ALL ="
                        + " Map.ofEntries(Map.entry(\"a\", List::of), Map.entry(\"b\", of(new ArrayList<>())));"
                        + lists,
                        "static final Map<String, Supplier<List<String>>> ALL ="
                                + " Map.ofEntries(Map.entry(\"a\", List::of), Map.entry(\"b\", () -> List.of(\"c\")));"),
                ofMembers(Rule.STATIC_STATE, "ALL", "record Cell(List<Supplier<List<String>>> all) {"
                        + " Cell { all = List.copyOf(all); } }"
                        + " static final Cell ALL = new Cell(List.of(of(new ArrayList<>())));" + lists,
                        "record Cell(List<Supplier<String>> all) { Cell { all = List.copyOf(all); } }"
                                + " static final Cell ALL = new Cell(List.of(() -> \"a\"));"),
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {}"
                        + " static class Holder { Supplier<List<String>> all = of(new ArrayList<>()); }"
                        + " static final Cell CELL = new Cell(new Holder().all);" + lists,
                        "record Cell(Supplier<String> all) {} static final Supplier<String> ONE = () -> \"a\";"
                                + " static final Cell CELL = new Cell(ONE);"),
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {}"
                        + " static class Maker implements Function<Supplier<List<String>>, Cell> {"
                        + " @Override public Cell apply(Supplier<List<String>> all) { return new Cell(all); } }"
                        + " static final Cell CELL = Optional.of(of(new ArrayList<>())).map(new Maker()).get();"
                        + lists,
                        "record Cell(Supplier<String> all) {} static class Maker implements Function<String, Cell> {"
                                + " @Override public Cell apply(String all) { return new Cell(() -> \"a\"); } }"
                                + " static final Cell CELL = Optional.of(\"a\").map(new Maker()).get();"),
                ofMembers(Rule.STATIC_STATE, "LEFT", "static final Function<String, List<String>> LEFT ="
                        + " of(new ArrayList<>()).andThen(all -> all);" + functions,
                        "static final Function<String, String> LEFT ="
                                + " Function.<String>identity().andThen(String::strip);"),
                ofMembers(Rule.STATIC_STATE, "LEFT", "static final Supplier<List<String>> LEFT ="
                        + " ((Supplier<Supplier<List<String>>>) () -> of(new ArrayList<>())).get();" + lists,
                        "static final Supplier<String> LEFT = () -> \"a\";"),
                ofMembers(Rule.STATIC_STATE, "LEFT", "static class Own implements Function<String, String> {"
                        + " @Override public String apply(String one) { return one; }"
                        + " @Override public <V> Function<String, V> andThen(Function<? super String, ? extends V> next) {"
                        + " var all = new ArrayList<String>(); return one -> { all.add(one); return next.apply(all.get(0)); }; } }"
                        + " static final Function<String, String> LEFT = ((Function<String, String>) new Own())"
                        + ".andThen(one -> one);",
                        "static class Own implements Function<String, String> {"
                                + " @Override public String apply(String one) { return one; } }"
                                + " static final Function<String, String> LEFT = ((Function<String, String>) new Own())"
                                + ".andThen(one -> one);"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final Collector<String, List<String>, List<String>> ALL ="
                        + " of(new ArrayList<>()); static Collector<String, List<String>, List<String>> of(List<String> all)"
                        + " { return Collector.of(() -> all, List::add, (a, b) -> a); }",
                        "static final Collector<String, ?, List<String>> ALL ="
                                + " Collectors.filtering(String::isEmpty, Collectors.toList());"),
                ofMembers(Rule.STATIC_STATE, "ONE", "static final Supplier<List<String>> ONE ="
                        + " System.nanoTime() > 0 ? of(new ArrayList<>()) : of(new ArrayList<>());" + lists,
                        "static final Supplier<String> ONE = () -> \"a\"; static final Supplier<String> NONE = null;"),
                ofMembers(Rule.STATIC_STATE, "ONE", "static final Supplier<List<String>> ONE = each()[0];"
                        + " static Supplier<List<String>>[] each() { return null; }",
                        "static final Optional<Supplier<String>> ONE = Optional.ofNullable(() -> \"a\");"
                                + " static final Optional<Supplier<String>> NONE = Optional.empty();"),
                ofMembers(Rule.STATIC_STATE, "ONE", "static final Supplier<List<String>> ONE ="
                        + " Objects.requireNonNullElseGet(null, () -> of(new ArrayList<>()));" + lists,
                        "static final Supplier<String> ONE = Objects.requireNonNull(() -> \"a\");"),
                ofMembers(Rule.STATIC_STATE, "CELL", "record Cell(Supplier<List<String>> all) {}"
                        + " static class Maker extends ArrayList<String> implements Supplier<List<String>> {"
                        + " Cell cell() { return new Cell(this); } @Override public List<String> get() { return this; } }"
                        + " static final Cell CELL = new Maker().cell();",
                        "record Cell(Supplier<String> all) {} static class Maker {"
                                + " Cell cell() { return new Cell(() -> \"a\"); } }"
                                + " static final Cell CELL = new Maker().cell();"),
                ofClasses(Rule.SHARED_STATE, "all", "@jakarta.inject.Singleton class Sample {"
                        + " private final Supplier<String> all;"
                        + " @jakarta.inject.Inject Sample(Supplier<String> all) { this.all = all; } }",
                        "@jakarta.inject.Singleton class Sample { private final Comparator<String> all;"
                                + " @jakarta.inject.Inject Sample() { all = Comparator.comparing(String::length); } }"));
    }
}
