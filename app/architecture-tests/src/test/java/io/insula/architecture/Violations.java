package io.insula.architecture;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * Classes that break a rule on purpose. They lie as sources in {@code src/test/violations/RULE/CASE}, in the packages of
 * the modules that they pretend to belong to, and are compiled when a test asks for them.
 */
final class Violations {
    private static final Path FOLDER = Shipped.ROOT.resolve("app/architecture-tests/src/test/violations");

    private Violations() {}

    /** The rules that have violations. */
    static List<String> rules() throws IOException {
        return names(FOLDER);
    }

    /** The cases of a rule. */
    static List<Path> cases(String rule) throws IOException {
        var folder = FOLDER.resolve(rule);
        return Files.isDirectory(folder) ? names(folder).stream().map(folder::resolve).toList() : List.of();
    }

    /** Compiles a case into a folder and reads it. */
    static Scan compile(Path sources, Path classes) throws IOException {
        var arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-classpath",
                System.getProperty("java.class.path")));
        try (var files = Files.walk(sources)) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).sorted().forEach(arguments::add);
        }
        var errors = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        var units =
                files.getJavaFileObjectsFromStrings(arguments.stream().filter(name -> name.endsWith(".java")).toList());
        var options = arguments.stream().filter(name -> !name.endsWith(".java")).toList();
        if (!compiler.getTask(errors, files, null, options, null, units).call()) {
            throw new IllegalStateException(sources + " does not compile: " + errors);
        }
        return Scan.of(List.of(classes));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
