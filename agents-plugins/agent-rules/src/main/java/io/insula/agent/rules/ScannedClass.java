package io.insula.agent.rules;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.stream.Stream;

/**
 * A class of a plugin, read and not loaded.
 *
 * @param name as {@code demo.Agent$Inner}
 * @param model what stands in the class file
 * @param library whether a bundled library brings it
 */
record ScannedClass(String name, ClassModel model, boolean library) {
    static ScannedClass of(ClassModel model, boolean library) {
        return new ScannedClass(nameOf(model.thisClass()), model, library);
    }

    static String nameOf(ClassEntry entry) {
        return entry.asInternalName().replace('/', '.');
    }

    static String nameOf(ClassDesc type) {
        return type.descriptorString().substring(1, type.descriptorString().length() - 1).replace('/', '.');
    }

    /** The names of what it extends and implements. */
    List<String> parents() {
        return Stream.concat(model.superclass().stream(), model.interfaces().stream()).map(ScannedClass::nameOf)
                .toList();
    }

    boolean isInterface() {
        return model.flags().has(AccessFlag.INTERFACE);
    }

    boolean declares(String method, String descriptor) {
        return model.methods().stream().anyMatch(each -> each.methodName().equalsString(method)
                && each.methodType().equalsString(descriptor));
    }

    static boolean isStatic(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC);
    }

    static boolean isBridge(MethodModel method) {
        return method.flags().has(AccessFlag.BRIDGE);
    }
}
