package io.insula.agent.rules;

import static java.lang.classfile.ClassFile.ACC_BRIDGE;
import static java.lang.classfile.ClassFile.ACC_ENUM;
import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that no compiler writes: they look like what the compiler itself makes, which passes, and are not. */
final class PretendersTest {
    private static final ClassDesc TYPE = ClassDesc.of("demo.Pretender");
    private static final ClassDesc TABLE = ConstantDescs.CD_int.arrayType();
    private static final ClassDesc AGENT = ClassDesc.of("io.insula.agent.Agent");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(ClassDesc.of("io.insula.agent.AgentResult"),
            ClassDesc.of("io.insula.agent.AgentContext"));
    private static final int OF_COMPILER = ACC_STATIC | ACC_FINAL | ACC_SYNTHETIC;

    @TempDir
    Path folder;

    private List<Rule> broken() throws IOException {
        return PluginRules.check(new PluginFiles(folder, List.of()), java.util.Set.of()).findings().stream()
                .map(Finding::rule).toList();
    }

    private void write(ClassDesc type, Consumer<ClassBuilder> members) throws IOException {
        Files.write(folder.resolve(type.displayName() + ".class"), ClassFile.of().build(type, members));
    }

    private List<Rule> brokenBy(int flags, Consumer<ClassBuilder> members) throws IOException {
        write(TYPE, type -> {
            type.withFlags(flags);
            if ((flags & ACC_ENUM) != 0) {
                type.withSuperclass(ConstantDescs.CD_Enum);
            }
            members.accept(type);
        });
        return broken();
    }

    private List<Rule> brokenByField(int flags, String name, ClassDesc type, int ofField) throws IOException {
        return brokenBy(flags, made -> made.withField(name, type, ofField));
    }

    @Test
    void a_number_that_is_marked_as_a_constant_of_an_enum_is_refused() throws IOException {
        assertEquals(List.of(Rule.STATIC_STATE),
                brokenByField(ACC_ENUM, "count", ConstantDescs.CD_int, ACC_STATIC | ACC_ENUM));
        assertEquals(List.of(), brokenByField(ACC_ENUM, "ONE", TYPE, ACC_STATIC | ACC_FINAL | ACC_ENUM));
    }

    @Test
    void the_values_of_an_enum_are_those_of_an_enum_alone() throws IOException {
        var all = TYPE.arrayType();
        assertEquals(List.of(), brokenByField(ACC_ENUM, "$VALUES", all, OF_COMPILER | ACC_PRIVATE));

        var refused = List.of(Rule.STATIC_STATE);
        assertEquals(refused, brokenByField(0, "$VALUES", all, OF_COMPILER | ACC_PRIVATE));
        assertEquals(refused, brokenByField(ACC_ENUM, "$VALUES", all, OF_COMPILER));
        assertEquals(refused, brokenByField(ACC_ENUM, "values", all, OF_COMPILER | ACC_PRIVATE));
        assertEquals(refused, brokenByField(ACC_ENUM, "$VALUES", all, ACC_STATIC | ACC_FINAL | ACC_PRIVATE));
        assertEquals(refused, brokenByField(ACC_ENUM, "$VALUES", all, ACC_STATIC | ACC_SYNTHETIC | ACC_PRIVATE));
    }

    @Test
    void the_table_of_a_switch_stands_alone_in_a_class_that_the_compiler_made() throws IOException {
        assertEquals(List.of(), brokenByField(ACC_SYNTHETIC, "$SwitchMap$demo", TABLE, OF_COMPILER));

        var refused = List.of(Rule.STATIC_STATE);
        assertEquals(refused, brokenByField(0, "$SwitchMap$demo", TABLE, OF_COMPILER));
        assertEquals(refused, brokenByField(ACC_SYNTHETIC, "table", TABLE, OF_COMPILER));
        assertEquals(refused, brokenByField(ACC_SYNTHETIC, "$SwitchMap$demo",
                ConstantDescs.CD_Object.arrayType(), OF_COMPILER));
        assertEquals(refused, brokenByField(ACC_SYNTHETIC, "$SwitchMap$demo", TABLE, ACC_STATIC | ACC_FINAL));
        assertEquals(refused, brokenByField(ACC_SYNTHETIC, "$SwitchMap$demo", TABLE, ACC_STATIC | ACC_SYNTHETIC));
        assertEquals(refused, brokenBy(ACC_SYNTHETIC, type -> type.withField("$SwitchMap$demo", TABLE, OF_COMPILER)
                .withMethodBody("write", ConstantDescs.MTD_void, ACC_STATIC, code -> code.return_())));
    }

    @Test
    void what_extends_an_enum_is_looked_at_like_one() throws IOException {
        write(TYPE, type -> type.withFlags(ACC_ENUM).withSuperclass(ConstantDescs.CD_Enum));
        write(ClassDesc.of("demo.Part"), type -> type.withSuperclass(TYPE)
                .withField("name", ConstantDescs.CD_String, ACC_FINAL));
        assertEquals(List.of(), broken());

        write(ClassDesc.of("demo.Part"), type -> type.withSuperclass(TYPE)
                .withField("count", ConstantDescs.CD_int, 0));
        assertEquals(List.of(Rule.STATIC_STATE), broken());
    }

    @Test
    void a_bridge_leads_to_the_method_of_its_own_name_and_class_alone() throws IOException {
        write(ClassDesc.of("demo.Other"), type -> type.withInterfaceSymbols(AGENT));
        var other = ClassDesc.of("demo.Other");

        assertEquals(List.of(), brokenByCall("run", ACC_BRIDGE | ACC_SYNTHETIC, TYPE));
        assertEquals(List.of(Rule.ENGINE), brokenByCall("run", 0, TYPE));
        assertEquals(List.of(Rule.ENGINE), brokenByCall("work", ACC_BRIDGE | ACC_SYNTHETIC, TYPE));
        assertEquals(List.of(Rule.ENGINE), brokenByCall("run", ACC_BRIDGE | ACC_SYNTHETIC, other));
    }

    private List<Rule> brokenByCall(String method, int flags, ClassDesc called) throws IOException {
        return brokenBy(0, type -> type.withInterfaceSymbols(AGENT)
                .withMethodBody(method, MethodTypeDesc.of(ConstantDescs.CD_Object), flags, code -> code
                        .aload(0).aconst_null().invokevirtual(called, "run", RUN).areturn()));
    }
}
