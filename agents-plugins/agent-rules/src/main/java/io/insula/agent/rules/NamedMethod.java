package io.insula.agent.rules;

import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;

/**
 * A constructor or static method as those who call it name it. A static method may be called by the name of any class
 * that inherits it, so only for a constructor it is told apart whose it is. Nothing is null.
 *
 * @param owner the class of a constructor, or empty
 * @param name the name of the method
 * @param type its descriptor
 */
record NamedMethod(String owner, String name, String type) {
    private static final String CONSTRUCTOR = "<init>";

    static NamedMethod of(MemberRefEntry reference) {
        return new NamedMethod(
                reference.name().equalsString(CONSTRUCTOR) ? ScannedClass.nameOf(reference.owner()) : "",
                reference.name().stringValue(), reference.type().stringValue());
    }

    static NamedMethod of(ScannedClass type, MethodModel method) {
        return new NamedMethod(isConstructor(method) ? type.name() : "", method.methodName().stringValue(),
                method.methodType().stringValue());
    }

    static boolean isConstructor(MethodModel method) {
        return method.methodName().equalsString(CONSTRUCTOR);
    }
}
