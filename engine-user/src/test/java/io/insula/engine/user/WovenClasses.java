package io.insula.engine.user;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The engine once more, with a place to be interrupted at before every lock, unlock, wait and atomic step, and before
 * every use of a field or collection that may be shared; and the tests beside it, as they are.
 *
 * <p>Virtual threads give way only where they wait. Without those places a schedule could not tell a lock that is
 * missing from one that is there.
 */
final class WovenClasses extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String PACKAGE = WovenClasses.class.getPackageName() + ".";

    private final ClassFile classFile;
    private final Weaving weaving;
    private final Set<String> woven = new HashSet<>();

    /** Weaves the engine, and these classes beside it. */
    WovenClasses(Class<?>... others) {
        super(WovenClasses.class.getClassLoader());
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(getParent())
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        Set<Weaving.Field> shared = new HashSet<>();
        List<Path> files = new ArrayList<>(classFilesBeside("RoomDirectory", ""));
        for (Class<?> other : others) {
            files.add(classFile(other.getSimpleName()));
            files.addAll(classFilesBeside(other.getSimpleName(), other.getSimpleName() + "$"));
        }
        for (Path file : files) {
            ClassModel model = parse(file);
            woven.add(model.thisClass().asInternalName().replace('/', '.'));
            model.fields().stream()
                    .filter(WovenClasses::maybeShared)
                    .forEach(field -> shared.add(new Weaving.Field(
                            model.thisClass().asInternalName(), field.fieldName().stringValue())));
        }
        weaving = new Weaving(shared);
    }

    /** What the woven class of this name makes; it is made without arguments. */
    Object make(String simpleName) {
        try {
            // What runs once per class must not run inside a schedule, which would differ from the next one by it.
            for (String name : woven) {
                if (!Class.forName(name, true, this).getName().equals(name)) {
                    throw new AssertionError("another class than " + name);
                }
            }
            var maker = Class.forName(PACKAGE + simpleName, true, this).getDeclaredConstructor();
            maker.setAccessible(true);
            return maker.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the woven world cannot be made", e);
        }
    }

    private static boolean maybeShared(FieldModel field) {
        return !field.flags().has(AccessFlag.FINAL) && !field.flags().has(AccessFlag.STATIC);
    }

    /** The classes that were compiled with this one and whose names begin so. */
    private static List<Path> classFilesBeside(String simpleName, String beginning) {
        try (Stream<Path> files = Files.list(classFile(simpleName).resolveSibling("."))) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path classFile(String simpleName) {
        URL file = WovenClasses.class.getResource(simpleName + ".class");
        if (file == null) {
            throw new AssertionError("no class " + simpleName);
        }
        try {
            return Path.of(file.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private ClassModel parse(Path file) {
        try {
            return classFile.parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String simpleName = name.substring(PACKAGE.length());
        try (InputStream file = WovenClasses.class.getResourceAsStream(simpleName + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            byte[] defined = woven.contains(name) ? weave(bytes) : bytes;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] weave(byte[] bytes) {
        return classFile.transformClass(classFile.parse(bytes), weaving.transform());
    }
}
