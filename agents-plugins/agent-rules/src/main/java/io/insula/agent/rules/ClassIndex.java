package io.insula.agent.rules;

import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The classes of a plugin and its libraries by name, and who extends whom. Used by one thread. */
final class ClassIndex {
    private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";

    // A jar may hold one class in several forms, for several releases of Java.
    private final Map<String, List<ScannedClass>> byName = new HashMap<>();
    private final Map<String, List<ScannedClass>> children = new HashMap<>();
    // Looked for when it is first asked for: few plugins need it.
    private Optional<Map<String, List<ClassDesc>>> captured = Optional.empty();
    private Optional<Map<NamedMethod, List<ScannedClass>>> naming = Optional.empty();

    private Optional<Set<Declared>> declared = Optional.empty();

    /** A method that some class here has. */
    private record Declared(String name, String type) {}

    ClassIndex(Collection<ScannedClass> classes) {
        for (var each : classes) {
            byName.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each);
            each.parents()
                    .forEach(parent -> children.computeIfAbsent(parent, name -> new ArrayList<>()).add(each));
        }
    }

    /** All classes here, those of other releases too. */
    List<ScannedClass> all() {
        return byName.values().stream().flatMap(List::stream).toList();
    }

    boolean holds(String name) {
        return byName.containsKey(name);
    }

    List<ScannedClass> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** The classes here that directly extend or implement one. */
    List<ScannedClass> childrenOf(String name) {
        return children.getOrDefault(name, List.of());
    }

    /** The classes here that may call a constructor or static method, or hand it on. */
    List<ScannedClass> naming(NamedMethod method) {
        if (naming.isEmpty()) {
            naming = Optional.of(namings());
        }
        return naming.get().getOrDefault(method, List.of());
    }

    private Map<NamedMethod, List<ScannedClass>> namings() {
        var found = new HashMap<NamedMethod, List<ScannedClass>>();
        for (var each : all()) {
            var members = new HashSet<NamedMethod>();
            for (var entry : each.model().constantPool()) {
                if (entry instanceof MemberRefEntry member) {
                    members.add(NamedMethod.of(member));
                }
            }
            members.forEach(member -> found.computeIfAbsent(member, m -> new ArrayList<>()).add(each));
        }
        return found;
    }

    /** Whether any class here has a method of this name and type. */
    boolean declares(String method, String descriptor) {
        if (declared.isEmpty()) {
            declared = Optional.of(all().stream().flatMap(each -> each.model().methods().stream())
                    .map(each -> new Declared(each.methodName().stringValue(), each.methodType().stringValue()))
                    .collect(Collectors.toUnmodifiableSet()));
        }
        return declared.get().contains(new Declared(method, descriptor));
    }

    /** What lambdas here hold that stand for an interface. */
    List<ClassDesc> capturedBy(String functionalInterface) {
        if (captured.isEmpty()) {
            captured = Optional.of(captures());
        }
        return captured.get().getOrDefault(functionalInterface, List.of());
    }

    private Map<String, List<ClassDesc>> captures() {
        var found = new HashMap<String, List<ClassDesc>>();
        for (var forms : byName.values()) {
            for (var each : forms) {
                for (var entry : each.model().constantPool()) {
                    // Texts are put together by such calls too, and hold nothing of their parts.
                    if (entry instanceof InvokeDynamicEntry call && LAMBDAS
                            .equals(call.bootstrap().bootstrapMethod().reference().owner().asInternalName())) {
                        found.computeIfAbsent(ScannedClass.nameOf(call.typeSymbol().returnType()),
                                name -> new ArrayList<>()).addAll(call.typeSymbol().parameterList());
                    }
                }
            }
        }
        return found;
    }

    /** Whether a class is another, or comes to extend or implement it. */
    boolean isKindOf(String name, String other) {
        return name.equals(other) || outsideAncestors(name).contains(other);
    }

    /** What a class extends and implements that is not here, as far as can be seen from here. */
    Set<String> outsideAncestors(String name) {
        var outside = new HashSet<String>();
        walkUp(name, "", "", outside::add);
        return outside;
    }

    /** Whose method a call may mean: classes that are not here, unless one here declares it before. */
    Set<String> outsideOwners(String owner, String method, String descriptor) {
        var outside = new HashSet<String>();
        walkUp(owner, method, descriptor, outside::add);
        return outside;
    }

    private void walkUp(String name, String method, String descriptor, Consumer<String> outside) {
        var seen = new HashSet<String>();
        var waiting = new ArrayDeque<>(List.of(name));
        while (!waiting.isEmpty()) {
            var next = waiting.remove();
            if (!seen.add(next)) {
                continue;
            }
            if (!holds(next)) {
                outside.accept(next);
            }
            for (var each : named(next)) {
                if (method.isEmpty() || !each.declares(method, descriptor)) {
                    waiting.addAll(each.parents());
                }
            }
        }
    }
}
