package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule, broken by a small class that is refused, and kept by its twin that is not. */
final class PluginRulesTest {
    private static final List<RuleCase> CASES = RuleCases.all();

    @TempDir
    static Path folder;

    private static Path classes;

    @TempDir
    Path own;

    @BeforeAll
    static void compileAllAtOnce() throws IOException {
        var texts = new TreeMap<String, String>();
        for (var i = 0; i < CASES.size(); i++) {
            texts.put("breaking" + i, CASES.get(i).breaking());
            texts.put("keeping" + i, CASES.get(i).keeping());
        }
        classes = Compiled.in(folder, texts);
    }

    static IntStream cases() {
        return IntStream.range(0, CASES.size());
    }

    private static Verdict check(Path place, boolean library, Set<Capability> capabilities) throws IOException {
        var nothing = Files.createDirectories(folder.resolve("nothing"));
        return PluginRules.check(library ? new PluginFiles(nothing, List.of(place)) : new PluginFiles(place, List.of()),
                capabilities);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_breaks_a_rule_is_refused_with_rule_class_and_member(int number) throws IOException {
        var expected = CASES.get(number);

        var verdict = check(classes.resolve("breaking" + number), expected.library(), Set.of());

        assertFalse(verdict.accepted(), expected::toString);
        assertEquals(Set.of(expected.rule()),
                verdict.findings().stream().map(Finding::rule).collect(Collectors.toSet()),
                () -> expected + "\n" + verdict.text(20, "\n"));
        assertTrue(verdict.findings().stream().anyMatch(finding -> names(finding, number, expected)),
                () -> expected + "\n" + verdict.text(20, "\n"));
    }

    private static boolean names(Finding finding, int number, RuleCase expected) {
        return finding.className().startsWith("breaking" + number + ".") && finding.member().equals(expected.member())
                && !finding.reason().isBlank() && !finding.remedy().isBlank();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void its_harmless_twin_is_accepted(int number) throws IOException {
        var verdict = check(classes.resolve("keeping" + number), CASES.get(number).library(), Set.of());

        assertTrue(verdict.accepted(), () -> CASES.get(number).keeping() + "\n" + verdict.text(20, "\n"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_capability_lifts_its_rules_and_no_others(int number) throws IOException {
        var expected = CASES.get(number);
        var lifted = expected.rule().liftedBy(expected.library());
        var others = EnumSet.allOf(Capability.class);
        lifted.ifPresent(others::remove);
        var place = classes.resolve("breaking" + number);

        assertFalse(check(place, expected.library(), others).accepted());
        assertEquals(lifted.isPresent(),
                check(place, expected.library(), EnumSet.allOf(Capability.class)).accepted());
    }

    @Test
    void every_rule_about_classes_has_a_case() {
        var tried = CASES.stream().map(RuleCase::rule).collect(Collectors.toSet());
        // These need class files that no compiler writes, or other files, and have tests of their own below.
        tried.addAll(List.of(Rule.CLASS_FILE, Rule.BOOTSTRAPS, Rule.HIDDEN_TYPES));

        assertEquals(Set.copyOf(PluginRules.ofClasses()), tried);
        // Those about the file have theirs where files are looked at, in the host. A new one needs one, too.
        var ofFiles = EnumSet.of(Rule.ARCHIVE, Rule.DESCRIPTOR, Rule.REQUIRED_MODULES, Rule.PLATFORM_NAMES,
                Rule.CAPABILITIES);
        assertEquals(EnumSet.complementOf(ofFiles), EnumSet.copyOf(tried));
    }

    @Test
    void a_class_file_cut_short_is_refused_wherever_it_is_cut() throws IOException {
        var whole = Files.readAllBytes(classes.resolve("breaking0/Sample.class"));
        for (var length : List.of(0, 9, 40, whole.length / 2, whole.length - 5)) {
            var bytes = Arrays.copyOf(whole, length);
            Files.write(own.resolve("Sample.class"), bytes);

            var verdict = check(own, false, Set.of());

            assertEquals(List.of(Rule.CLASS_FILE), verdict.findings().stream().map(Finding::rule).distinct().toList(),
                    () -> length + ": " + verdict.text(5, "\n"));
        }
    }

    @Test
    void a_call_site_of_another_bootstrap_method_is_refused() throws IOException {
        var bootstrap = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC,
                ClassDesc.of("demo.Bootstraps"), "link", MethodTypeDesc.of(ConstantDescs.CD_CallSite,
                        ConstantDescs.CD_MethodHandles_Lookup, ConstantDescs.CD_String, ConstantDescs.CD_MethodType));
        var bytes = ClassFile.of().build(ClassDesc.of("demo.Linked"), type -> type.withMethodBody("work",
                ConstantDescs.MTD_void, ClassFile.ACC_STATIC,
                code -> code.invokedynamic(DynamicCallSiteDesc.of(bootstrap, "go", ConstantDescs.MTD_void)).return_()));
        Files.write(own.resolve("Linked.class"), bytes);

        var finding = check(own, false, Set.of()).findings().getFirst();

        assertEquals(Rule.BOOTSTRAPS, finding.rule());
        assertEquals("demo.Linked.work is linked by demo.Bootstraps.link", finding.place() + " " + finding.reason());
    }

    @Test
    void a_class_of_which_only_the_variable_is_that_of_this_object_gives_out_no_resources() throws IOException {
        var type = ClassDesc.of("demo.Reader");
        Files.write(own.resolve("Reader.class"), ClassFile.of().build(type, made -> made.withMethodBody("work",
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object), 0, code -> code.aload(1).astore(0)
                        .aload(0).invokevirtual(ConstantDescs.CD_Object, "getClass",
                                MethodTypeDesc.of(ConstantDescs.CD_Class))
                        .ldc("a").invokevirtual(ConstantDescs.CD_Class, "getResourceAsStream",
                                MethodTypeDesc.of(ClassDesc.of("java.io.InputStream"), ConstantDescs.CD_String))
                        .pop().return_())));

        assertEquals(List.of(Rule.CLASS_LOADING),
                check(own, false, Set.of()).findings().stream().map(Finding::rule).toList());
    }

    @Test
    void a_function_that_is_made_as_a_constant_is_not_taken_for_one_that_holds_nothing() throws IOException {
        var supplier = ClassDesc.of("java.util.function.Supplier");
        var type = ClassDesc.of("demo.Constants");
        var make = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, type, "make",
                MethodTypeDesc.of(supplier));
        var constant = DynamicConstantDesc.of(ConstantDescs.BSM_INVOKE, make);
        Files.write(own.resolve("Constants.class"), ClassFile.of().build(type, made -> made
                .withField("ALL", supplier, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL)
                .withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC,
                        code -> code.ldc(constant).putstatic(type, "ALL", supplier).return_())));

        assertEquals(List.of(Rule.STATIC_STATE),
                check(own, false, Set.of()).findings().stream().map(Finding::rule).toList());
    }

    @Test
    void a_hidden_class_of_the_platform_is_refused_also_when_it_is_not_there() throws IOException {
        for (var hidden : List.of("com.google.inject.Guice", "io.insula.agent.hosting.AgentLease",
                "io.insula.plugin.host.PluginHost", "org.pf4j.PluginManager")) {
            assertEquals(Rule.HIDDEN_TYPES, findingOfCallTo(hidden).rule());
        }
        assertEquals(Rule.ENGINE, findingOfCallTo("io.insula.engine.api.UserExecutionEngine").rule());
    }

    private Finding findingOfCallTo(String hidden) throws IOException {
        Files.write(own.resolve("Caller.class"), ClassFile.of().build(ClassDesc.of("demo.Caller"), type -> type
                .withMethodBody("work", ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> code
                        .invokestatic(ClassDesc.of(hidden), "go", ConstantDescs.MTD_void).return_())));
        return check(own, false, Set.of()).findings().getFirst();
    }

    @Test
    void a_class_for_a_later_release_in_the_same_file_is_checked_too_unless_it_is_never_chosen() throws IOException {
        var breaking = Files.readAllBytes(classes.resolve("breaking0/Sample$RunEngine.class"));
        for (var release : List.of(9, Runtime.version().feature())) {
            var place = Files.createDirectories(own.resolve("jar" + release + "/META-INF/versions/" + release));
            Files.write(place.resolve("Sample.class"), breaking);
            assertFalse(check(own.resolve("jar" + release), false, Set.of()).accepted());
        }
        var later = Runtime.version().feature() + 1;
        var place = Files.createDirectories(own.resolve("later/META-INF/versions/" + later));
        Files.write(place.resolve("Sample.class"), breaking);
        assertTrue(check(own.resolve("later"), false, Set.of()).accepted());
    }

    @Test
    void as_many_findings_as_the_limit_are_told_and_the_rest_is_counted() throws IOException {
        for (var count : List.of(Verdict.MOST_FINDINGS, Verdict.MOST_FINDINGS + 1)) {
            Files.write(own.resolve("Many.class"), ClassFile.of().build(ClassDesc.of("demo.Many"), type -> {
                for (var i = 0; i < count; i++) {
                    type.withField("field" + i, ConstantDescs.CD_int, ClassFile.ACC_STATIC);
                }
            }));

            var verdict = check(own, false, Set.of());

            assertEquals(Verdict.MOST_FINDINGS, verdict.findings().size());
            assertEquals(count - Verdict.MOST_FINDINGS, verdict.more());
            assertTrue(verdict.text(3, "\n").endsWith("And " + (count - 3) + " more."), verdict.text(3, "\n"));
        }
    }

    @Test
    void the_assertion_for_authors_names_every_finding_and_takes_capabilities() {
        var names = new ArrayList<Integer>();
        cases().filter(number -> CASES.get(number).rule() == Rule.FILES).forEach(names::add);
        var breaking = classes.resolve("breaking" + names.getFirst());

        var thrown = assertThrows(AssertionError.class, () -> PluginAssertions.assertKeepsRules(breaking));

        assertTrue(String.valueOf(thrown.getMessage()).contains("[files] breaking" + names.getFirst() + ".Sample.work"),
                thrown::toString);
        PluginAssertions.assertKeepsRules(breaking, Capability.FILES);
    }
}
