package io.insula.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

/** Installations whose application is compiled for one test. */
final class Applications {
    private Applications() {}

    /** Makes an installation in a folder, with an application whose main method has this body; returns the folder. */
    static Path install(Path home, String mainBody) {
        try {
            var sources = Files.createDirectories(home.resolve("sources", "io", "insula", "app"));
            var module = home.resolve("sources", "module-info.java");
            var main = sources.resolve("Main.java");
            Files.writeString(module, "module io.insula.app { requires org.slf4j; }");
            Files.writeString(main, """
                    package io.insula.app;
                    public final class Main {
                        public static void main(String[] args) throws Exception { %s }
                    }
                    """.formatted(mainBody));
            var engine = Files.createDirectories(home.resolve("lib", "engine"));
            compile(engine.resolve("application"), module, main);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path classes, Path module, Path main) {
        var compiler = ToolProvider.findFirst("javac").orElseThrow();
        int status = compiler.run(new PrintStream(System.out, true), new PrintStream(System.err, true), "-d",
                classes.toString(), "--module-path", System.getProperty("jdk.module.path"), module.toString(),
                main.toString());
        assertEquals(0, status, "the application of the test compiles");
    }
}
