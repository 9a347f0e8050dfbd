package io.insula.architecture;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The engine's interface module shows one thing that acts; everything else in it is a value. */
final class ValueRules {
    private static final String ENGINE = Shipped.ENGINE_API + ".UserExecutionEngine";
    private static final Set<String> ACTS =
            Set.of(ENGINE, ENGINE + "$Directory", ENGINE + "$Lease", Shipped.ENGINE_API + ".EventSubscription");

    private ValueRules() {}

    static List<Rule> all() {
        return List.of(new Rule("engine-api-values",
                "classes of engine-api other than UserExecutionEngine, its Directory and Lease, and EventSubscription should be "
                        + "records, enums, exceptions or sealed sums of these, because a second thing that acts would be a "
                        + "second door to a user",
                ValueRules::violations));
    }

    private static List<String> violations(Scan scan) {
        Map<String, ClassModel> ours = new HashMap<>();
        scan.files().stream().filter(file -> Scan.name(file).startsWith(Shipped.ENGINE_API + "."))
                .forEach(file -> ours.put(file.thisClass().asInternalName(), file));
        return ours.values().stream().filter(file -> !ACTS.contains(Scan.name(file)) && !isValue(file, ours))
                .map(file -> "Class <" + Scan.name(file) + "> is no value").sorted().toList();
    }

    private static boolean isValue(ClassModel file, Map<String, ClassModel> ours) {
        if (file.flags().has(AccessFlag.ENUM) || file.flags().has(AccessFlag.SYNTHETIC)) {
            return true;
        }
        if (file.flags().has(AccessFlag.INTERFACE)) {
            return file.findAttribute(Attributes.permittedSubclasses())
                    .map(sealed -> sealed.permittedSubclasses().stream().allMatch(type -> isValueOf(type, ours)))
                    .orElse(file.methods().isEmpty() && file.interfaces().isEmpty() && file.fields().isEmpty());
        }
        return file.superclass().map(type -> isRecordEnumOrException(type.asInternalName())).orElse(false);
    }

    private static boolean isValueOf(ClassEntry type, Map<String, ClassModel> ours) {
        var file = ours.get(type.asInternalName());
        return file != null && isValue(file, ours);
    }

    private static boolean isRecordEnumOrException(String superclass) {
        return superclass.equals("java/lang/Record") || superclass.equals("java/lang/Enum")
                || superclass.equals("java/lang/Exception") || superclass.equals("java/lang/RuntimeException");
    }
}
