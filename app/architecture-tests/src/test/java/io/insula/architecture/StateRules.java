package io.insula.architecture;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** No state outside objects: what is static can never change, and so can never carry anything from user to user. */
final class StateRules {
    /** Types of the JDK and of libraries whose objects cannot change, or that hold nothing of anybody. */
    private static final Set<String> UNCHANGEABLE = Set.of(
            "java.lang.String", "java.lang.Class", "java.lang.Boolean", "java.lang.Integer", "java.lang.Long",
            "java.lang.Double",
            "java.lang.ScopedValue", "java.math.BigDecimal", "java.math.BigInteger", "java.math.MathContext",
            "java.net.URI",
            "java.nio.charset.Charset", "java.nio.file.Path", "java.time.Duration", "java.time.Instant",
            "java.time.LocalDate",
            "java.time.ZoneId", "java.time.ZoneOffset", "java.time.format.DateTimeFormatter", "java.util.Locale",
            "java.util.Optional", "java.util.UUID", "java.util.regex.Pattern", "java.util.HexFormat",
            "java.util.Base64$Encoder",
            "java.util.Base64$Decoder", "org.slf4j.Logger", "com.nimbusds.jose.JWSAlgorithm");

    private static final Set<String> COLLECTIONS = Set.of(
            "java.util.Collection", "java.util.SequencedCollection", "java.util.List", "java.util.Set",
            "java.util.Map");

    /** Methods that give a collection which nobody can change. */
    private static final Map<String, Set<String>> UNCHANGEABLE_FROM = Map.of(
            "java.util.List", Set.of("of", "copyOf"),
            "java.util.Set", Set.of("of", "copyOf"),
            "java.util.Map", Set.of("of", "copyOf", "ofEntries"),
            "java.util.stream.Stream", Set.of("toList"),
            "java.util.Collections", Set.of("emptyList", "emptySet", "emptyMap", "unmodifiableList", "unmodifiableSet",
                    "unmodifiableMap"));

    private static final Map<String, Set<String>> UNCHANGEABLE_COLLECTORS = Map.of("java.util.stream.Collectors",
            Set.of("toUnmodifiableList", "toUnmodifiableSet", "toUnmodifiableMap"));

    private StateRules() {}

    static List<Rule> all() {
        return List.of(new Rule("static-state",
                "no class should have static state that can change, because it would be shared by all users",
                StateRules::violations));
    }

    private static List<String> violations(Scan scan) {
        var byName = new HashMap<String, ClassModel>();
        scan.files().forEach(file -> byName.put(Scan.name(file), file));
        var violations = new ArrayList<String>();
        for (var file : scan.files()) {
            for (var field : file.fields()) {
                if (isStatic(field) && !field.flags().has(AccessFlag.SYNTHETIC)) {
                    var why = whyChangeable(file, field, byName);
                    if (!why.isEmpty()) {
                        violations
                                .add("Field <" + Scan.name(file) + "." + field.fieldName().stringValue() + "> " + why);
                    }
                }
            }
        }
        return violations;
    }

    private static boolean isStatic(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC);
    }

    /** Empty if the field and what it holds can never change. */
    private static String whyChangeable(ClassModel file, FieldModel field, Map<String, ClassModel> byName) {
        if (!field.flags().has(AccessFlag.FINAL)) {
            return "is static and not final";
        }
        var type = field.fieldTypeSymbol();
        if (type.isArray()) {
            return "is a static array, which anybody who reaches it can write to";
        }
        if (type.isPrimitive()) {
            return "";
        }
        var name = className(type.descriptorString());
        if (COLLECTIONS.contains(name)) {
            return isMadeUnchangeable(file, field) ? ""
                    : "is a static collection that is not made by of(...), copyOf(...) or toList()";
        }
        return isUnchangeable(name, byName, new HashSet<>()) ? ""
                : "is static and of the type " + name + ", which is not known to be unchangeable";
    }

    private static String className(String descriptor) {
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    /** Whether an object of the type can never change: known, an enum, an interface of functions, or of final parts. */
    private static boolean isUnchangeable(String name, Map<String, ClassModel> byName, Set<String> underWay) {
        if (UNCHANGEABLE.contains(name) || name.startsWith("java.util.function.")) {
            return true;
        }
        var file = byName.get(name);
        if (file == null || !underWay.add(name)) {
            return file != null;
        }
        if (file.flags().has(AccessFlag.ENUM)) {
            return true;
        }
        if (file.flags().has(AccessFlag.INTERFACE)) {
            return file.findAttribute(Attributes.permittedSubclasses())
                    .map(sealed -> sealed.permittedSubclasses().stream()
                            .allMatch(
                                    type -> isUnchangeable(type.asInternalName().replace('/', '.'), byName, underWay)))
                    .orElse(false);
        }
        boolean closed = file.flags().has(AccessFlag.FINAL);
        return closed && file.fields().stream().filter(field -> !isStatic(field)).allMatch(field -> {
            var type = field.fieldTypeSymbol();
            // Records of ours copy the collections that they are given; house style and their own tests see to that.
            boolean collection = !type.isPrimitive() && !type.isArray()
                    && COLLECTIONS.contains(className(type.descriptorString()));
            return field.flags().has(AccessFlag.FINAL) && !type.isArray()
                    && (type.isPrimitive() || (collection && isRecord(file))
                            || isUnchangeable(className(type.descriptorString()), byName, underWay));
        });
    }

    private static boolean isRecord(ClassModel file) {
        return file.superclass().map(type -> type.asInternalName().equals("java/lang/Record")).orElse(false);
    }

    /** Whether each write of the field, which is in the static initialiser, directly follows a call that gives such. */
    private static boolean isMadeUnchangeable(ClassModel file, FieldModel field) {
        boolean written = false;
        for (var method : file.methods()) {
            var before = new ArrayList<InvokeInstruction>();
            for (var element : instructions(method)) {
                if (element instanceof FieldInstruction write && write.opcode() == Opcode.PUTSTATIC
                        && write.name().equalsString(field.fieldName().stringValue())
                        && write.owner().asInternalName().equals(file.thisClass().asInternalName())) {
                    written = true;
                    if (!givesUnchangeable(before)) {
                        return false;
                    }
                }
                // What stands between the last calls and the write is nothing that makes another object.
                if (element instanceof InvokeInstruction call) {
                    before.add(call);
                } else if (element.opcode() != Opcode.CHECKCAST) {
                    before.clear();
                }
            }
        }
        return written;
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

    private static boolean givesUnchangeable(List<InvokeInstruction> calls) {
        if (calls.isEmpty()) {
            return false;
        }
        var last = calls.getLast();
        if (isOneOf(last, Map.of("java.util.stream.Stream", Set.of("collect")))) {
            return calls.size() > 1 && isOneOf(calls.get(calls.size() - 2), UNCHANGEABLE_COLLECTORS);
        }
        return isOneOf(last, UNCHANGEABLE_FROM);
    }

    private static boolean isOneOf(InvokeInstruction call, Map<String, Set<String>> methods) {
        return methods.getOrDefault(call.owner().asInternalName().replace('/', '.'), Set.of())
                .contains(call.name().stringValue());
    }
}
