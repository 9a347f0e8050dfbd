package io.insula.agent.rules;

import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.reflect.AccessFlag;
import java.util.OptionalInt;

/**
 * Whose resources are read. A class gives out those of its module, and the class of an object that the platform handed
 * over is one of the engine's. Used by one thread.
 */
final class ResourceRules {
    private static final String READ = "getResourceAsStream";
    private static final String REMEDY =
            "Write the class itself, one of the plugin's own, before the call: Own.class.getResourceAsStream(name).";

    private final ClassIndex index;
    private final Findings findings;

    ResourceRules(ClassIndex index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    void check(ScannedClass each) {
        var reads = false;
        for (var entry : each.model().constantPool()) {
            reads = reads || isRead(entry);
            if (entry instanceof MethodHandleEntry handle && isRead(handle.reference())) {
                add(each, "", "hands on Class.getResourceAsStream as a function, which could be given any class");
            }
        }
        if (reads) {
            each.model().methods().forEach(method -> check(each, method));
        }
    }

    private void check(ScannedClass each, MethodModel method) {
        var operands = Operands.of(method);
        for (var at = 0; at < operands.elements().size(); at++) {
            if (operands.elements().get(at) instanceof InvokeInstruction call && isRead(call.method())
                    && !isOfPlugin(method, operands, operands.source(at, 1))) {
                add(each, method.methodName().stringValue(),
                        "reads a resource of a class that cannot be seen to be the plugin's own");
            }
        }
    }

    private boolean isOfPlugin(MethodModel method, Operands operands, OptionalInt source) {
        return source.isPresent() && switch (operands.elements().get(source.getAsInt())) {
            case LoadConstantInstruction load -> load.constantEntry() instanceof ClassEntry type
                    && index.holds(ScannedClass.nameOf(type));
            case InvokeInstruction call -> call.name().equalsString("getClass")
                    && call.typeSymbol().parameterCount() == 0
                    && isThis(method, operands, operands.source(source.getAsInt(), 0));
            default -> false;
        };
    }

    private static boolean isThis(MethodModel method, Operands operands, OptionalInt source) {
        return source.isPresent() && !method.flags().has(AccessFlag.STATIC)
                && operands.elements().get(source.getAsInt()) instanceof LoadInstruction load && load.slot() == 0
                && operands.elements().stream()
                        .noneMatch(each -> each instanceof StoreInstruction store && store.slot() == 0);
    }

    private static boolean isRead(PoolEntry entry) {
        return entry instanceof MemberRefEntry member && member.name().equalsString(READ)
                && member.owner().asInternalName().equals("java/lang/Class");
    }

    private void add(ScannedClass each, String member, String reason) {
        findings.add(new Finding(Rule.CLASS_LOADING, each.name(), member, reason, REMEDY));
    }
}
