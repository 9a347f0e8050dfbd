package io.insula.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiled classes, read and not loaded.
 *
 * @param classes as ArchUnit sees them: who uses what
 * @param files as they stand in the class files, with what ArchUnit leaves out
 */
record Scan(JavaClasses classes, List<ClassModel> files) {
    Scan {
        files = List.copyOf(files);
    }

    /** Reads all classes below the folders. */
    static Scan of(List<Path> folders) {
        var files = new ArrayList<ClassModel>();
        for (var folder : folders) {
            try (var paths = Files.walk(folder)) {
                for (var path : paths.sorted().toList()) {
                    var name = path.getFileName().toString();
                    if (name.endsWith(".class") && !name.equals("module-info.class")) {
                        files.add(ClassFile.of().parse(path));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Scan(new ClassFileImporter().importPaths(folders), files);
    }

    /** The name of a class as ArchUnit writes it. */
    static String name(ClassModel file) {
        return file.thisClass().asInternalName().replace('/', '.');
    }
}
