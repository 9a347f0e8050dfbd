package io.insula.agent.rules;

import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.DynamicConstantPoolEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.util.HashSet;
import java.util.Set;

/** Walks through all that a class uses, with the member that uses it. Used by one thread. */
final class Uses {
    /** Is told of each use. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One use.
         *
         * @param member the method, or nothing if it is the class itself
         * @param entry what is used
         * @param insideOwnBridge whether a bridge method, which the compiler made, calls the method that it stands for
         */
        void visit(String member, PoolEntry entry, boolean insideOwnBridge);
    }

    private final ScannedClass scanned;
    private final Visitor visitor;

    Uses(ScannedClass scanned, Visitor visitor) {
        this.scanned = scanned;
        this.visitor = visitor;
    }

    void walk() {
        scanned.model().superclass().ifPresent(type -> visitor.visit("", type, false));
        scanned.model().interfaces().forEach(type -> visitor.visit("", type, false));
        for (var method : scanned.model().methods()) {
            method.code().ifPresent(code -> code.forEach(element -> visit(method, element)));
        }
    }

    private void visit(MethodModel method, CodeElement element) {
        var name = method.methodName().stringValue();
        switch (element) {
            case InvokeInstruction call -> visitor.visit(name, call.method(), isOwnBridge(method, call));
            case FieldInstruction field -> visitor.visit(name, field.field(), false);
            case InvokeDynamicInstruction call -> dynamic(name, call.invokedynamic(), new HashSet<>());
            case LoadConstantInstruction load -> constant(name, load.constantEntry(), new HashSet<>());
            case NewObjectInstruction made -> visitor.visit(name, made.className(), false);
            case NewReferenceArrayInstruction made -> visitor.visit(name, made.componentType(), false);
            case NewMultiArrayInstruction made -> visitor.visit(name, made.arrayType(), false);
            case TypeCheckInstruction check -> visitor.visit(name, check.type(), false);
            case ExceptionCatch caught -> caught.catchType().ifPresent(type -> visitor.visit(name, type, false));
            default -> { // what names nothing of others
            }
        }
    }

    private boolean isOwnBridge(MethodModel method, InvokeInstruction call) {
        return ScannedClass.isBridge(method) && call.name().equalsString(method.methodName().stringValue())
                && ScannedClass.nameOf(call.owner()).equals(scanned.name());
    }

    private void dynamic(String name, DynamicConstantPoolEntry entry, Set<PoolEntry> seen) {
        // Constants may name each other in a circle.
        if (!seen.add(entry)) {
            return;
        }
        visitor.visit(name, entry, false);
        visitor.visit(name, entry.bootstrap().bootstrapMethod().reference(), false);
        for (var argument : entry.bootstrap().arguments()) {
            constant(name, argument, seen);
        }
    }

    private void constant(String name, LoadableConstantEntry entry, Set<PoolEntry> seen) {
        switch (entry) {
            case DynamicConstantPoolEntry dynamic -> dynamic(name, dynamic, seen);
            case MethodHandleEntry handle -> visitor.visit(name, handle.reference(), false);
            default -> visitor.visit(name, entry, false);
        }
    }
}
