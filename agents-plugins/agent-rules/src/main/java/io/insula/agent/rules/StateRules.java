package io.insula.agent.rules;

import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What outlives a run because all runs share it: static fields, and those of shared objects. Used by one thread. */
final class StateRules {
    private static final String SINGLETON = "Ljakarta/inject/Singleton;";
    private static final String BINDER = "io/insula/agent/PluginBindings$Binder";
    private static final String BIND_SHARED = "bindShared";
    private static final String STANDING_CLASS =
            "Write the class itself: bindShared(Type.class, Implementation.class).";

    private final ClassIndex index;
    private final UnchangeableTypes types;
    private final Findings findings;
    private final Set<String> sharedAlready = new HashSet<>();

    StateRules(ClassIndex index, Findings findings) {
        this.index = index;
        this.types = new UnchangeableTypes(index);
        this.findings = findings;
    }

    void check(ScannedClass each) {
        // The constants of an enum are static: what changes in one is shared like a static field.
        var isEnum = each.model().flags().has(AccessFlag.ENUM) || extendsEnum(each);
        for (var field : each.model().fields()) {
            var isShared = ScannedClass.isStatic(field) ? !isMadeByCompiler(each, field) : isEnum;
            if (isShared) {
                types.whyChangeable(each, field).ifPresent(why -> add(Rule.STATIC_STATE, each, field, why));
            }
        }
        if (each.model().findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(SINGLETON))) {
            checkShared(each.name());
        }
        checkBindings(each);
    }

    private boolean extendsEnum(ScannedClass each) {
        return each.model().superclass().map(ScannedClass::nameOf).stream().flatMap(name -> index.named(name).stream())
                .anyMatch(parent -> parent.model().flags().has(AccessFlag.ENUM));
    }

    /** The compiler's own: all values of an enum, the table of a switch. Whether they are what they say is looked at. */
    private static boolean isMadeByCompiler(ScannedClass each, FieldModel field) {
        if (!field.flags().has(AccessFlag.SYNTHETIC) || !field.flags().has(AccessFlag.FINAL)) {
            return false;
        }
        var name = field.fieldName().stringValue();
        var values = name.equals("$VALUES") && each.model().flags().has(AccessFlag.ENUM)
                && field.flags().has(AccessFlag.PRIVATE);
        var table = name.startsWith("$SwitchMap$") && field.fieldType().equalsString("[I")
                && each.model().flags().has(AccessFlag.SYNTHETIC)
                && each.model().methods().stream().allMatch(method -> method.methodName().equalsString("<clinit>"));
        return values || table;
    }

    private void checkBindings(ScannedClass each) {
        var binds = false;
        for (var entry : each.model().constantPool()) {
            binds = binds || isBindShared(entry);
            if (entry instanceof MethodHandleEntry handle && isBindShared(handle.reference())) {
                findings.add(new Finding(Rule.SHARED_STATE, each.name(), "",
                        "hands on bindShared as a function, which could be given any class", STANDING_CLASS));
            }
        }
        if (binds) {
            each.model().methods().forEach(method -> checkBindings(each, method));
        }
    }

    private static boolean isBindShared(PoolEntry entry) {
        return entry instanceof MemberRefEntry member && member.name().equalsString(BIND_SHARED)
                && member.owner().asInternalName().equals(BINDER);
    }

    private void checkBindings(ScannedClass each, MethodModel method) {
        method.code().ifPresent(code -> {
            Optional<String> last = Optional.empty();
            for (var element : code) {
                switch (element) {
                    case LoadConstantInstruction load -> last = load.constantEntry() instanceof ClassEntry type
                            ? Optional.of(ScannedClass.nameOf(type))
                            : Optional.empty();
                    case InvokeInstruction call -> {
                        if (isBindShared(call.method())) {
                            last.ifPresentOrElse(this::checkShared,
                                    () -> findings.add(new Finding(Rule.SHARED_STATE, each.name(),
                                            method.methodName().stringValue(),
                                            "calls bindShared with a class that does not stand there",
                                            STANDING_CLASS)));
                        }
                        last = Optional.empty();
                    }
                    case Instruction other -> last = Optional.empty();
                    default -> { // labels and lines
                    }
                }
            }
        });
    }

    private void checkShared(String name) {
        if (!sharedAlready.add(name)) {
            return;
        }
        for (var each : index.named(name)) {
            for (var field : each.model().fields()) {
                if (!ScannedClass.isStatic(field)) {
                    types.whyChangeable(each, field).ifPresent(why -> add(Rule.SHARED_STATE, each, field, why));
                }
            }
            each.model().superclass().map(ScannedClass::nameOf).ifPresent(parent -> {
                if (!index.holds(parent) && !UnchangeableTypes.PLAIN_PARENTS.contains(parent)
                        && !UnchangeableTypes.isKnown(parent)) {
                    findings.add(new Finding(Rule.SHARED_STATE, each.name(), "",
                            "extends " + parent + ", which is not known to be unchangeable",
                            Rule.SHARED_STATE.remedy()));
                }
                checkShared(parent);
            });
        }
    }

    private void add(Rule rule, ScannedClass each, FieldModel field, String why) {
        findings.add(new Finding(rule, each.name(), field.fieldName().stringValue(), why, rule.remedy()));
    }
}
