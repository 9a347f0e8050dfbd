package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OperandsTest {
    private static final ClassDesc TYPE = ClassDesc.of("demo.Code");
    private static final MethodTypeDesc TEXT_OF_TEXT =
            MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String);
    private static final MethodTypeDesc NOTHING_OF_TWO =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_String);
    private static final DirectMethodHandleDesc BOOTSTRAP = ConstantDescs.ofCallsiteBootstrap(
            TYPE, "bootstrap", ConstantDescs.CD_CallSite);

    /** Code that takes nothing from the stack that it did not put there, and leaves nothing. */
    record Balanced(String name, Consumer<CodeBuilder> code) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Balanced> BALANCED = List.of(
            new Balanced("load, store", code -> code.aload(0).astore(1).iload(2).istore(3)),
            new Balanced("constant, pop", code -> code.loadConstant("other").pop()),
            new Balanced("a wide constant", code -> code.loadConstant(7L).lstore(3)),
            new Balanced("new object", code -> code.new_(TYPE).pop()),
            new Balanced("static call", code -> code.aload(0).invokestatic(TYPE, "of", TEXT_OF_TEXT).pop()),
            new Balanced("call", code -> code.aload(0).aload(0).invokevirtual(TYPE, "of", TEXT_OF_TEXT).pop()),
            new Balanced("call of nothing", code -> code.aload(0).loadConstant(7L).aload(0)
                    .invokevirtual(TYPE, "take", NOTHING_OF_TWO)),
            new Balanced("lambda", code -> code.aload(0).invokedynamic(
                    DynamicCallSiteDesc.of(BOOTSTRAP, "get", TEXT_OF_TEXT)).pop()),
            new Balanced("static field", code -> code.getstatic(TYPE, "a", ConstantDescs.CD_String)
                    .putstatic(TYPE, "a", ConstantDescs.CD_String)),
            new Balanced("field", code -> code.aload(0).aload(0).getfield(TYPE, "a", ConstantDescs.CD_String)
                    .putfield(TYPE, "a", ConstantDescs.CD_String)),
            new Balanced("cast", code -> code.aload(0).checkcast(TYPE).pop()),
            new Balanced("test of a type", code -> code.aload(0).instanceOf(TYPE).pop()),
            new Balanced("array", code -> code.iconst_2().anewarray(TYPE).iconst_0().aload(0).aastore()),
            new Balanced("array of numbers", code -> code.iconst_2().newarray(TypeKind.INT).arraylength().istore(3)),
            new Balanced("element", code -> code.aload(0).iconst_0().aaload().pop()),
            new Balanced("conversion", code -> code.iconst_2().i2l().lstore(3)),
            new Balanced("operation of two", code -> code.iconst_1().iconst_2().iadd().istore(3)),
            new Balanced("operation of one", code -> code.iconst_1().ineg().istore(3)),
            new Balanced("comparison", code -> code.lconst_1().lconst_0().lcmp().istore(3)),
            new Balanced("increment", code -> code.iinc(3, 1)),
            new Balanced("nothing", CodeBuilder::nop));

    private static Operands of(Consumer<CodeBuilder> code) {
        byte[] type = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS).build(TYPE, made -> made.withMethodBody(
                "work", MethodTypeDesc.of(ConstantDescs.CD_String, TYPE), ClassFile.ACC_STATIC, code));
        return Operands.of(ClassFile.of().parse(type).methods().getFirst());
    }

    private static int last(Operands operands) {
        return operands.elements().size() - 1;
    }

    @ParameterizedTest
    @FieldSource("BALANCED")
    void aValueIsFoundBelowWhateverWasDoneOnTopOfIt(Balanced between) {
        var operands = of(code -> {
            code.loadConstant("first").loadConstant("wanted");
            between.code().accept(code);
            code.areturn();
        });

        assertEquals(OptionalInt.of(1), operands.source(last(operands), 0));
        assertEquals(OptionalInt.of(0), operands.source(last(operands), 1));
    }

    @Test
    void aCopyAndACastOfAValueAreThatValue() {
        var operands = of(code -> code.loadConstant("wanted").dup().checkcast(TYPE).areturn());

        assertEquals(OptionalInt.of(0), operands.source(last(operands), 0));
        assertEquals(OptionalInt.of(0), operands.source(last(operands), 1));
    }

    @Test
    void whatIsOnTopIsOfTheInstructionThatPutItThere() {
        var operands = of(code -> code.loadConstant("below").aload(0).invokevirtual(TYPE, "of",
                MethodTypeDesc.of(ConstantDescs.CD_String)).areturn());

        assertEquals(OptionalInt.of(2), operands.source(last(operands), 0));
        assertEquals(OptionalInt.of(1), operands.source(2, 0));
    }

    @Test
    void nothingIsToldWhereAJumpMayComeInBetween() {
        var operands = of(code -> {
            Label end = code.newLabel();
            code.loadConstant("wanted").aload(0).ifnull(end).labelBinding(end).areturn();
        });

        assertEquals(OptionalInt.empty(), operands.source(last(operands), 0));
    }

    @Test
    void nothingIsToldOfInstructionsThatMoveSeveralValues() {
        var operands = of(code -> code.loadConstant("a").loadConstant("b").swap().areturn());

        assertEquals(OptionalInt.empty(), operands.source(last(operands), 0));
    }

    @Test
    void nothingIsToldOfWhatWasThereBefore() {
        var operands = of(code -> code.aload(0).areturn());

        assertEquals(OptionalInt.empty(), operands.source(0, 0));
        assertEquals(OptionalInt.empty(), operands.source(1, 1));
    }
}
