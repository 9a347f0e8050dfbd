package io.insula.agent.rules;

import java.lang.classfile.Attributes;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.regex.Pattern;

/** What classes are and declare, their fields left aside. Used by one thread. */
final class DeclarationRules {
    /** Names that an engine, or a part that stands before, around or beside one, would have. */
    private static final Pattern ENGINE_NAME = Pattern.compile(
            ".*Engines?(Adapter|Wrapper|Factory|Legacy|Facade|Proxy|Bridge|Delegate|Decorator|Manager|Registry|Pool|Impl|Base|V?[0-9]+)?"
                    + "|(Legacy|Abstract|Default|New)Engine.*");

    private static final List<String> GIVEN_OUT_BY_ENGINES = List.of("io.insula.agent.AgentContext",
            "io.insula.agent.ToolContext", "io.insula.agent.MessageWriter", "io.insula.agent.UserStore");

    private final ClassIndex index;
    private final Findings findings;

    DeclarationRules(ClassIndex index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    void check(ScannedClass each) {
        for (var method : each.model().methods()) {
            if (method.flags().has(AccessFlag.NATIVE)) {
                add(Rule.NATIVE_CODE, each, method, "is native");
            }
        }
        if (each.library()) {
            return;
        }
        checkEngine(each);
        for (var method : each.model().methods()) {
            if (method.methodName().equalsString("finalize") && method.methodType().equalsString("()V")) {
                add(Rule.CLEANERS, each, method, "is a finalizer");
            }
            checkLocks(each, method);
        }
    }

    private void checkEngine(ScannedClass each) {
        for (var simpleName : each.name().substring(each.name().lastIndexOf('.') + 1).split("\\$", -1)) {
            if (ENGINE_NAME.matcher(simpleName).matches()) {
                add(each, "is named like an engine");
            }
        }
        for (var type : GIVEN_OUT_BY_ENGINES) {
            if (index.isKindOf(each.name(), type)) {
                add(each, "is a " + type + ", which only an engine gives out");
            }
        }
    }

    private void checkLocks(ScannedClass each, MethodModel method) {
        if (method.flags().has(AccessFlag.STATIC) && method.flags().has(AccessFlag.SYNCHRONIZED)) {
            add(Rule.SHARED_LOCKS, each, method, "is static and synchronized, which locks the class");
        }
        method.findAttribute(Attributes.code()).filter(DeclarationRules::mayLock).ifPresent(code -> {
            var shared = false;
            for (var element : code) {
                if (!(element instanceof Instruction instruction)) {
                    continue;
                }
                if (shared && instruction.opcode() == Opcode.MONITORENTER) {
                    add(Rule.SHARED_LOCKS, each, method, "locks what all runs share");
                }
                // The compiler keeps what is locked in a variable between.
                shared = loadsShared(instruction) || (shared && (instruction instanceof StackInstruction
                        || instruction instanceof StoreInstruction));
            }
        });
    }

    /** Reading all instructions takes most of the time of a check, and few methods lock: their bytes tell which. */
    private static boolean mayLock(CodeAttribute code) {
        for (var each : code.codeArray()) {
            if ((each & 0xFF) == Opcode.MONITORENTER.bytecode()) {
                return true;
            }
        }
        return false;
    }

    private static boolean loadsShared(Instruction instruction) {
        return switch (instruction) {
            case LoadConstantInstruction load -> load.constantEntry() instanceof ClassEntry
                    || load.constantEntry() instanceof StringEntry;
            case FieldInstruction field -> field.opcode() == Opcode.GETSTATIC;
            case InvokeInstruction call -> call.name().equalsString("getClass");
            default -> false;
        };
    }

    private void add(ScannedClass each, String reason) {
        findings.add(new Finding(Rule.ENGINE, each.name(), "", reason, Rule.ENGINE.remedy()));
    }

    private void add(Rule rule, ScannedClass each, MethodModel method, String reason) {
        findings.add(new Finding(rule, each.name(), method.methodName().stringValue(), reason, rule.remedy()));
    }
}
