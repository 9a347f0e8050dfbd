package io.insula.agent.rules;

import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where the functions in a field come from: each must be made where it can be seen what it holds, and hold nothing that
 * can change. Functions that a constructor or a static method is given are looked for at all calls of it. Used by one
 * thread, for one field.
 */
final class FunctionSources {
    private static final String INJECT = "Ljakarta/inject/Inject;";
    private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";

    private final ClassIndex index;
    private final Predicate<ClassDesc> unchangeable;
    // What has been looked at, or is: a circle adds nothing.
    private final Set<Part> seen = new HashSet<>();

    /** A method of a class, with its code. */
    private record Place(ScannedClass type, MethodModel method, Operands operands) {
        static Place of(ScannedClass type, MethodModel method) {
            return new Place(type, method, Operands.of(method));
        }
    }

    /** One of the parameters of a method, or of its instructions. */
    private record Part(MethodModel method, int number, boolean ofCode) {}

    /**
     * Looks into one plugin.
     *
     * @param unchangeable tells whether what a function holds can never change, by its type
     */
    FunctionSources(ClassIndex index, Predicate<ClassDesc> unchangeable) {
        this.index = index;
        this.unchangeable = unchangeable;
    }

    /** Whether all functions that are ever written to a field, alone or in a collection, hold nothing that can change. */
    boolean arePlain(ScannedClass holder, FieldModel field) {
        var written = false;
        for (var method : holder.model().methods()) {
            var place = Place.of(holder, method);
            for (var at = 0; at < place.operands().elements().size(); at++) {
                if (place.operands().elements().get(at) instanceof FieldInstruction write
                        && WrittenValues.writes(write, holder, field)) {
                    written = true;
                    if (!isPlain(place, place.operands().source(at, 0))) {
                        return false;
                    }
                }
            }
        }
        return written;
    }

    private boolean isPlain(Place place, OptionalInt source) {
        if (source.isEmpty()) {
            return false;
        }
        var at = source.getAsInt();
        if (!seen.add(new Part(place.method(), at, true))) {
            return true;
        }
        return switch (place.operands().elements().get(at)) {
            case LoadConstantInstruction load -> !(load.constantEntry() instanceof ConstantDynamicEntry);
            case ConstantInstruction constant -> true;
            // A static field of the plugin is looked at where it is; those of the JDK hold nothing.
            case FieldInstruction field -> field.opcode() == Opcode.GETSTATIC;
            case InvokeDynamicInstruction call -> call.invokedynamic().bootstrap().bootstrapMethod().reference().owner()
                    .asInternalName().equals(LAMBDAS)
                    && call.typeSymbol().parameterList().stream().allMatch(unchangeable);
            case NewObjectInstruction made -> unchangeable.test(made.className().asSymbol());
            case NewReferenceArrayInstruction array -> areStoredPlain(place, at);
            case InvokeInstruction call -> isPlainCall(place, at, call);
            case LoadInstruction load -> isPlainVariable(place, load.slot());
            default -> false;
        };
    }

    private boolean isPlainCall(Place place, int at, InvokeInstruction call) {
        if (unchangeable.test(call.typeSymbol().returnType())) {
            return true;
        }
        var count = call.typeSymbol().parameterCount() + (call.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
        if (isOf(call, "java.util.Objects", "requireNonNull")) {
            return isPlain(place, place.operands().source(at, count - 1));
        }
        if (!givesWhatItIsGiven(call)) {
            return false;
        }
        for (var depth = 0; depth < count; depth++) {
            if (!isPlain(place, place.operands().source(at, depth))) {
                return false;
            }
        }
        return true;
    }

    /** Whether what a method of the JDK gives holds its arguments and the object that it is called on, and no more. */
    private boolean givesWhatItIsGiven(InvokeInstruction call) {
        if (WrittenValues.givesUnchangeableAlone(call) || isOf(call, "java.util.Map", "entry")
                || isOf(call, "java.util.Optional", "of") || isOf(call, "java.util.Optional", "ofNullable")
                || isOf(call, "java.util.Optional", "empty")) {
            return true;
        }
        // Such as andThen; but not get, which gives what somebody else has made, nor the plugin's own form of it.
        var gives = call.typeSymbol().returnType();
        var owner = ScannedClass.nameOf(call.owner());
        return (UnchangeableTypes.isFunction(owner) || owner.equals("java.util.stream.Collectors"))
                && gives.isClassOrInterface() && UnchangeableTypes.isFunction(ScannedClass.nameOf(gives))
                && (call.opcode() == Opcode.INVOKESTATIC
                        || !index.declares(call.name().stringValue(), call.type().stringValue()));
    }

    private static boolean isOf(InvokeInstruction call, String owner, String name) {
        return ScannedClass.nameOf(call.owner()).equals(owner) && call.name().equalsString(name);
    }

    /** What comes from elsewhere than another new array may be this one. */
    private boolean areStoredPlain(Place place, int array) {
        for (var at = array; at < place.operands().elements().size(); at++) {
            if (place.operands().elements().get(at) instanceof ArrayStoreInstruction store
                    && store.typeKind() == TypeKind.REFERENCE) {
                var into = place.operands().source(at, 2);
                if (into.isEmpty()
                        || (mayBe(place, into.getAsInt(), array) && !isPlain(place, place.operands().source(at, 0)))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean mayBe(Place place, int source, int array) {
        return source == array
                || !(place.operands().elements().get(source) instanceof NewReferenceArrayInstruction);
    }

    private boolean isPlainVariable(Place place, int slot) {
        for (var at = 0; at < place.operands().elements().size(); at++) {
            if (place.operands().elements().get(at) instanceof StoreInstruction store && store.slot() == slot) {
                var stored = place.operands().source(at, 0);
                // An array in a variable may be handed to somebody who changes it.
                if (!isPlain(place, stored)
                        || place.operands().elements().get(stored.getAsInt()) instanceof NewReferenceArrayInstruction) {
                    return false;
                }
            }
        }
        var parameters = place.method().methodTypeSymbol().parameterList();
        var next = place.method().flags().has(AccessFlag.STATIC) ? 0 : 1;
        if (next == 1 && slot == 0) {
            return false; // this
        }
        for (var number = 0; number < parameters.size(); number++) {
            if (next == slot) {
                return isPlainParameter(place.type(), place.method(), number);
            }
            next += TypeKind.from(parameters.get(number)).slotSize();
        }
        return true;
    }

    private boolean isPlainParameter(ScannedClass type, MethodModel method, int number) {
        if (!seen.add(new Part(method, number, false))
                || unchangeable.test(method.methodTypeSymbol().parameterType(number))) {
            return true;
        }
        // Another class may have the same method, or somebody else may call it: the injector, who calls a run.
        if ((!NamedMethod.isConstructor(method) && !method.flags().has(AccessFlag.STATIC)) || isInjected(method)) {
            return false;
        }
        var depth = method.methodTypeSymbol().parameterCount() - 1 - number;
        var named = NamedMethod.of(type, method);
        for (var caller : index.naming(named)) {
            if (handsOn(caller, named)) {
                return false;
            }
            for (var calling : caller.model().methods()) {
                var place = Place.of(caller, calling);
                for (var at = 0; at < place.operands().elements().size(); at++) {
                    if (place.operands().elements().get(at) instanceof InvokeInstruction call
                            && NamedMethod.of(call.method()).equals(named)
                            && !isPlain(place, place.operands().source(at, depth))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean isInjected(MethodModel method) {
        return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(INJECT));
    }

    private static boolean handsOn(ScannedClass caller, NamedMethod method) {
        for (var entry : caller.model().constantPool()) {
            if (entry instanceof MethodHandleEntry handle && NamedMethod.of(handle.reference()).equals(method)) {
                return true;
            }
        }
        return false;
    }
}
