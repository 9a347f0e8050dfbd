package io.insula.engine.user;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * What is put into the engine's code, and what is put in its place, so that a schedule can interrupt it.
 *
 * @param shared the fields that more than one thread may use
 */
record Weaving(Set<Field> shared) {
    private static final ClassDesc THREADS = desc(SeededThreads.class);
    private static final ClassDesc STAND_INS = desc(StandIns.class);
    private static final String MAP = "java/util/concurrent/ConcurrentHashMap";
    private static final String TIMED = "JLjava/util/concurrent/TimeUnit;";
    private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final Set<String> COLLECTIONS = Set.of(
            "java/util/Map",
            "java/util/HashMap",
            "java/util/LinkedHashMap",
            "java/util/Deque",
            "java/util/ArrayDeque",
            "java/util/Queue",
            "java/util/Set",
            "java/lang/Thread");

    /** A field by its class, with slashes, and its name. */
    record Field(String owner, String name) {}

    ClassTransform transform() {
        return (built, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                built.transformMethod(method, MethodTransform.transformingCode(code(method)));
            } else {
                built.with(element);
            }
        };
    }

    private CodeTransform code(MethodModel method) {
        // Who holds a monitor is never interrupted: who waits for one is woken in an order that does not repeat.
        boolean mayBeInterrupted = !method.flags().has(AccessFlag.SYNCHRONIZED)
                && !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
        boolean usesOwnFields = !method.methodName().equalsString(ConstantDescs.INIT_NAME);
        return (code, element) -> {
            boolean place = mayBeInterrupted && switch (element) {
                case FieldInstruction field -> usesOwnFields && isShared(field);
                case InvokeInstruction call -> isStep(call);
                default -> false;
            };
            if (place) {
                code.invokestatic(THREADS, "pass", VOID);
            }
            replace(code, element, method);
        };
    }

    private boolean isShared(FieldInstruction field) {
        return shared.contains(
                new Field(field.owner().asInternalName(), field.name().stringValue()));
    }

    private static boolean isStep(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        return !call.name().equalsString(ConstantDescs.INIT_NAME)
                && (owner.startsWith("java/util/concurrent/") || COLLECTIONS.contains(owner));
    }

    private static void replace(CodeBuilder code, CodeElement element, MethodModel method) {
        switch (element) {
            case MonitorInstruction monitor -> throw new IllegalStateException(
                    "a monitor cannot be scheduled: " + method.parent().orElseThrow().thisClass() + "."
                            + method.methodName());
            case NewObjectInstruction made when made.className().asInternalName().equals(MAP) -> code
                    .new_(desc(SeededMap.class));
            case InvokeInstruction call -> call(code, call);
            default -> code.with(element);
        }
    }

    private static void call(CodeBuilder code, InvokeInstruction call) {
        String what = call.owner().asInternalName() + "." + call.name().stringValue();
        switch (what) {
            case MAP + ".<init>" -> {
                if (call.opcode() == Opcode.INVOKESPECIAL) {
                    code.invokespecial(desc(SeededMap.class), ConstantDescs.INIT_NAME, call.typeSymbol());
                }
            }
            case MAP + ".newKeySet" -> code.invokestatic(STAND_INS, "newKeySet", MethodTypeDesc.of(desc(Set.class)))
                    .checkcast(desc(Set.class));
            case "java/util/concurrent/CountDownLatch.await" -> await(code, call);
            case "org/slf4j/LoggerFactory.getLogger" -> code.invokestatic(
                    STAND_INS, "getLogger", MethodTypeDesc.of(desc(Logger.class), desc(Class.class)));
            default -> {
                requireNoRealTime(what, call.type().stringValue());
                code.with(call);
            }
        }
    }

    private static void await(CodeBuilder code, InvokeInstruction call) {
        if (call.type().stringValue().equals("()V")) {
            code.with(call);
            return;
        }
        code.invokestatic(
                STAND_INS,
                "await",
                MethodTypeDesc.of(
                        ConstantDescs.CD_boolean,
                        desc(CountDownLatch.class),
                        ConstantDescs.CD_long,
                        desc(TimeUnit.class)));
    }

    private static void requireNoRealTime(String what, String type) {
        boolean waits = (what.startsWith("java/util/concurrent/") && type.contains(TIMED))
                || what.equals("java/lang/Thread.sleep")
                || what.endsWith(".awaitNanos")
                || what.endsWith("LockSupport.parkNanos");
        if (waits && !what.contains("ScheduledThreadPoolExecutor")) {
            throw new IllegalStateException("waits for real time, which no seed decides: " + what);
        }
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
