package io.insula.agent.rules;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** Compiles classes in one run of the compiler, as it takes most of the time. */
final class Compiled {
    private static final String IMPORTS = """
            import io.insula.agent.*;
            import java.io.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            import java.util.stream.*;
            """;

    private Compiled() {}

    /** Compiles texts, each into a package of its own, and returns the folder of all. */
    static Path in(Path folder, Map<String, String> textsByPackage) throws IOException {
        var classes = Files.createDirectories(folder.resolve("classes"));
        var arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-Xmaxerrs", "20", "-d", classes.toString(),
                "-classpath", System.getProperty("java.class.path", "") + java.io.File.pathSeparator
                        + System.getProperty("jdk.module.path", "")));
        for (var text : textsByPackage.entrySet()) {
            var file = folder.resolve("sources").resolve(text.getKey()).resolve("Sample.java");
            Files.createDirectories(file.getParent());
            arguments.add(Files
                    .writeString(file, "package " + text.getKey() + ";\n" + IMPORTS + text.getValue()).toString());
        }
        var messages = new StringWriter();
        var out = new PrintWriter(messages);
        if (ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the samples do not compile: " + messages);
        }
        return classes;
    }
}
