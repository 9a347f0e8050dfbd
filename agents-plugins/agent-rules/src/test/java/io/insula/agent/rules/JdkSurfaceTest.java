package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.security.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The tables of rules against all that the JDK's base module shows: whatever leads out by the form of its signature is
 * refused, also where nobody has thought of it.
 */
final class JdkSurfaceTest {
    private static final List<Executable> CODE = new ArrayList<>();
    private static final Set<Class<?>> WAYS_UP = Set.of(ClassLoader.class, Module.class, ModuleLayer.class,
            MethodHandles.Lookup.class, Method.class, java.lang.reflect.Field.class, Constructor.class,
            StackWalker.class, Process.class, ProcessHandle.class, Provider.class);

    /** Classes whose static setters change what they are given, or the calling thread. */
    private static final Set<Class<?>> OF_WHAT_IT_IS_GIVEN =
            Set.of(Array.class, Arrays.class, AccessibleObject.class, LockSupport.class);

    @BeforeAll
    static void readTheJdk() throws IOException, ClassNotFoundException {
        var exported = Object.class.getModule().getDescriptor().exports().stream()
                .filter(each -> !each.isQualified()).map(Exports::source).collect(Collectors.toSet());
        var root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
        try (var files = Files.walk(root)) {
            for (var file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                var name = root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                if (exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                    var type = Class.forName(name, false, null);
                    Stream.concat(Arrays.stream(type.getDeclaredMethods()),
                            Arrays.stream(type.getDeclaredConstructors()))
                            .filter(each -> isOpen(type.getModifiers()) && isOpen(each.getModifiers()))
                            .forEach(CODE::add);
                }
            }
        }
        assertTrue(CODE.size() > 10_000, () -> "looked at " + CODE.size());
    }

    private static boolean isOpen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static List<String> allowed(ReferenceTable table, Predicate<Executable> ofWhat) {
        var found = CODE.stream().filter(ofWhat).toList();
        assertTrue(found.size() > 1, () -> "looked for something else: " + found);
        return found.stream().filter(each -> {
            var name = each instanceof Constructor<?> ? "<init>" : each.getName();
            var type = MethodType.methodType(each instanceof Method method ? method.getReturnType() : void.class,
                    each.getParameterTypes());
            return !table.member(each.getDeclaringClass().getName(), name, type.descriptorString(), true)
                    .map(rule -> rule.isPresent()).orElse(table.equals(ReferenceTable.OWN));
        }).map(Executable::toString).sorted().toList();
    }

    @Test
    void nothingOpensAFileByItsName() {
        assertEquals(List.of(), allowed(ReferenceTable.OWN, each -> {
            var takes = List.of(each.getParameterTypes());
            // Nobody can make a File to give them one.
            return List.of(each.getExceptionTypes()).contains(FileNotFoundException.class)
                    && takes.contains(String.class) && !takes.contains(File.class);
        }));
    }

    @Test
    void nothingGivesOutWhatLeadsToOtherClassesOrToTheProcess() {
        assertEquals(List.of(), allowed(ReferenceTable.OWN,
                each -> each instanceof Method method && WAYS_UP.contains(method.getReturnType())
                        && !Throwable.class.isAssignableFrom(method.getDeclaringClass())));
    }

    @Test
    void nothingSetsWhatTheWholeProcessHas() {
        Predicate<Executable> sets = each -> each instanceof Method method && method.getReturnType() == void.class
                && Modifier.isStatic(method.getModifiers()) && method.getName().matches("set[A-Z].*")
                && !OF_WHAT_IT_IS_GIVEN.contains(method.getDeclaringClass());

        assertEquals(List.of(), allowed(ReferenceTable.OWN, sets));
        assertEquals(List.of(), allowed(ReferenceTable.LIBRARY, sets));
    }

    @Test
    void nothingWorksInThreadsThatAllShare() {
        Predicate<Executable> inOthers = each -> each.getName().startsWith("parallel")
                || each.getName().endsWith("Async")
                || (each.getDeclaringClass() == ConcurrentHashMap.class && each.getParameterCount() > 0
                        && each.getParameterTypes()[0] == long.class);

        assertEquals(List.of(), allowed(ReferenceTable.OWN, inOthers));
    }

    @Test
    void nothingMakesAThread() {
        assertEquals(List.of(), allowed(ReferenceTable.OWN,
                each -> each instanceof Constructor<?> made
                        && Thread.class.isAssignableFrom(made.getDeclaringClass())));
        assertEquals(List.of(), allowed(ReferenceTable.OWN, each -> each instanceof Method method
                && java.util.concurrent.ExecutorService.class.isAssignableFrom(method.getReturnType())));
    }
}
