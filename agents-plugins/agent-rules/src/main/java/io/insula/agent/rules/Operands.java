package io.insula.agent.rules;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The instructions of a method, and which of them made the values that others take. It is told only where no jump can
 * come in between; who asks takes silence for the worst.
 *
 * @param elements the instructions, and the places that are jumped to
 */
record Operands(List<CodeElement> elements) {
    /** How many values an instruction takes from the stack and leaves there, whatever their width. */
    private record Effect(int takes, int leaves) {}

    private static final Set<Opcode> OF_ONE_VALUE =
            Set.of(Opcode.ARRAYLENGTH, Opcode.INEG, Opcode.LNEG, Opcode.FNEG, Opcode.DNEG);

    Operands {
        elements = List.copyOf(elements);
    }

    static Operands of(MethodModel method) {
        return new Operands(method.code().stream().flatMap(code -> code.elementStream())
                .filter(each -> each instanceof Instruction || each instanceof LabelTarget).toList());
    }

    /**
     * Which instruction made a value. A cast or a copy of it made nothing.
     *
     * @param before the instruction that finds the value on the stack
     * @param depth how many values lie on top of it then
     * @return nothing if it cannot be told
     */
    OptionalInt source(int before, int depth) {
        var wanted = depth;
        for (var at = before - 1; at >= 0; at--) {
            if (!(elements.get(at) instanceof Instruction instruction)) {
                return OptionalInt.empty();
            }
            var effect = effectOf(instruction);
            if (effect.isEmpty()) {
                return OptionalInt.empty();
            }
            var leaves = effect.get().leaves();
            if (wanted >= leaves) {
                wanted += effect.get().takes() - leaves;
            } else if (instruction.opcode() == Opcode.DUP) {
                wanted = 0;
            } else {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    private static Optional<Effect> effectOf(Instruction instruction) {
        return switch (instruction) {
            case LoadInstruction load -> effect(0, 1);
            case ConstantInstruction constant -> effect(0, 1);
            case NewObjectInstruction made -> effect(0, 1);
            case StoreInstruction store -> effect(1, 0);
            case InvokeInstruction call -> effectOf(call.typeSymbol(), call.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
            case InvokeDynamicInstruction call -> effectOf(call.typeSymbol(), 0);
            case FieldInstruction field -> switch (field.opcode()) {
                case GETSTATIC -> effect(0, 1);
                case PUTSTATIC -> effect(1, 0);
                case GETFIELD -> effect(1, 1);
                default -> effect(2, 0);
            };
            case TypeCheckInstruction check -> check.opcode() == Opcode.CHECKCAST ? effect(0, 0) : effect(1, 1);
            case NewReferenceArrayInstruction made -> effect(1, 1);
            case NewPrimitiveArrayInstruction made -> effect(1, 1);
            case ArrayLoadInstruction load -> effect(2, 1);
            case ArrayStoreInstruction store -> effect(3, 0);
            case ConvertInstruction convert -> effect(1, 1);
            case OperatorInstruction operator -> effect(OF_ONE_VALUE.contains(operator.opcode()) ? 1 : 2, 1);
            case IncrementInstruction increment -> effect(0, 0);
            case NopInstruction nothing -> effect(0, 0);
            case StackInstruction stack -> switch (stack.opcode()) {
                case DUP -> effect(1, 2);
                case POP -> effect(1, 0);
                default -> Optional.empty();
            };
            default -> Optional.empty();
        };
    }

    private static Optional<Effect> effectOf(MethodTypeDesc call, int receivers) {
        return effect(call.parameterCount() + receivers, call.returnType().equals(ConstantDescs.CD_void) ? 0 : 1);
    }

    private static Optional<Effect> effect(int takes, int leaves) {
        return Optional.of(new Effect(takes, leaves));
    }
}
