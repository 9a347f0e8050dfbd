package io.insula.agent.rules;

import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Where the value of a field comes from, as far as the code before each write of it tells. */
final class WrittenValues {
    /** Methods that give a collection which nobody can change. */
    private static final Map<String, Set<String>> UNCHANGEABLE_FROM = Map.of(
            "java.util.List", Set.of("of", "copyOf"),
            "java.util.Set", Set.of("of", "copyOf"),
            "java.util.Map", Set.of("of", "copyOf", "ofEntries"),
            "java.util.stream.Stream", Set.of("toList"),
            "java.util.Collections", Set.of("emptyList", "emptySet", "emptyMap", "unmodifiableList", "unmodifiableSet",
                    "unmodifiableMap", "unmodifiableCollection", "unmodifiableSortedMap", "unmodifiableSortedSet",
                    "unmodifiableSequencedCollection", "unmodifiableSequencedMap", "unmodifiableSequencedSet"));

    private static final Map<String, Set<String>> UNCHANGEABLE_COLLECTORS = Map.of("java.util.stream.Collectors",
            Set.of("toUnmodifiableList", "toUnmodifiableSet", "toUnmodifiableMap"));

    private WrittenValues() {}

    /** Whether each write directly follows a call that gives an unchangeable collection. */
    static boolean areUnchangeableCollections(ScannedClass holder, FieldModel field) {
        return all(holder, field, WrittenValues::givesUnchangeable);
    }

    /**
     * Whether the methods that write the field make and take collections by such calls alone. Which of them end up inside
     * the one that is written cannot be seen, so none of them may change.
     */
    static boolean areInnerCollectionsUnchangeable(ScannedClass holder, FieldModel field) {
        for (var method : holder.model().methods()) {
            var all = instructions(method);
            if (all.stream().anyMatch(each -> each instanceof FieldInstruction write && writes(write, holder, field))
                    && all.stream().anyMatch(WrittenValues::mayGiveChangeable)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayGiveChangeable(Instruction instruction) {
        return switch (instruction) {
            case NewObjectInstruction made -> isCollection(made.className().asSymbol());
            case TypeCheckInstruction cast -> cast.opcode() == Opcode.CHECKCAST && isCollection(cast.type().asSymbol());
            case InvokeInstruction call -> isCollection(call.typeSymbol().returnType())
                    && !isOneOf(call, UNCHANGEABLE_FROM);
            default -> false;
        };
    }

    /** Whether it is of the packages of collections, and nothing that is known to be harmless there. */
    private static boolean isCollection(ClassDesc type) {
        return (type.packageName().equals("java.util") || type.packageName().equals("java.util.concurrent"))
                && !UnchangeableTypes.isHarmless(ScannedClass.nameOf(type));
    }

    /** How many calls in the constructors of a class give unchangeable collections. */
    static long copiesInConstructors(ScannedClass holder) {
        return holder.model().methods().stream().filter(method -> method.methodName().equalsString("<init>"))
                .flatMap(method -> instructions(method).stream())
                .filter(each -> each instanceof InvokeInstruction call && isOneOf(call, UNCHANGEABLE_FROM)).count();
    }

    private static boolean all(ScannedClass holder, FieldModel field, Predicate<List<Instruction>> test) {
        var written = false;
        for (var method : holder.model().methods()) {
            var before = new ArrayList<Instruction>();
            for (var each : instructions(method)) {
                if (each instanceof FieldInstruction write && writes(write, holder, field)) {
                    written = true;
                    if (!test.test(before)) {
                        return false;
                    }
                }
                // Between a call and the write of what it gives is nothing that makes another object.
                if (each instanceof InvokeInstruction || each instanceof InvokeDynamicInstruction) {
                    before.add(each);
                } else if (each.opcode() != Opcode.CHECKCAST) {
                    before.clear();
                }
            }
        }
        return written;
    }

    static boolean writes(FieldInstruction write, ScannedClass holder, FieldModel field) {
        return (write.opcode() == Opcode.PUTSTATIC || write.opcode() == Opcode.PUTFIELD)
                && write.name().equalsString(field.fieldName().stringValue())
                && ScannedClass.nameOf(write.owner()).equals(holder.name());
    }

    private static List<Instruction> instructions(MethodModel method) {
        var instructions = new ArrayList<Instruction>();
        method.code().ifPresent(code -> code.forEach(element -> {
            if (element instanceof Instruction instruction) {
                instructions.add(instruction);
            }
        }));
        return instructions;
    }

    private static boolean givesUnchangeable(List<Instruction> before) {
        if (before.isEmpty() || !(before.getLast() instanceof InvokeInstruction last)) {
            return false;
        }
        if (isOneOf(last, Map.of("java.util.stream.Stream", Set.of("collect")))) {
            return before.size() > 1 && before.get(before.size() - 2) instanceof InvokeInstruction collector
                    && isOneOf(collector, UNCHANGEABLE_COLLECTORS);
        }
        return isOneOf(last, UNCHANGEABLE_FROM);
    }

    /** Whether a call gives a collection that nobody can change, of what it is given. */
    static boolean givesUnchangeableAlone(InvokeInstruction call) {
        return isOneOf(call, UNCHANGEABLE_FROM);
    }

    private static boolean isOneOf(InvokeInstruction call, Map<String, Set<String>> methods) {
        return methods.getOrDefault(call.owner().asInternalName().replace('/', '.'), Set.of())
                .contains(call.name().stringValue());
    }
}
