package io.insula.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.SubstituteLogger;

class SourcedLoggersTest {
    private static final String TAKEN = "io.insula.app.Platform";
    /** Asks for a logger itself, or hands out a function that does, which no method of its own stands behind. */
    private static final String CALLER = """
            package demo;
            import java.util.function.Function;
            public final class Caller {
                public static final class Direct implements Function<Function<String, String>, String> {
                    @Override public String apply(Function<String, String> loggers) {
                        return loggers.apply("io.insula.app.Platform");
                    }
                }
                public static final class Handed
                        implements Function<Function<String, String>, Function<String, String>> {
                    @Override public Function<String, String> apply(Function<String, String> loggers) {
                        return loggers::apply;
                    }
                }
            }
            """;

    private final SourcedLoggers loggers =
            new SourcedLoggers(name -> new SubstituteLogger(name, new java.util.ArrayDeque<>(), true),
                    "the.application");

    @TempDir
    Path folder;

    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        classes = folder.resolve("classes");
        var sources = Files.createDirectories(folder.resolve("sources/demo"));
        var caller = Files.writeString(sources.resolve("Caller.java"), CALLER);
        var module = Files.writeString(folder.resolve("sources/module-info.java"),
                "module the.application { exports demo; }");
        assertEquals(0, ToolProvider.findFirst("javac").orElseThrow().run(new PrintStream(System.out, true),
                new PrintStream(System.err, true), "-d", classes.toString(), module.toString(), caller.toString()));
    }

    private ClassLoader loader(String name) throws MalformedURLException {
        return new URLClassLoader(name, new URL[]{classes.toUri().toURL()}, null);
    }

    @SuppressWarnings("unchecked") // of the class above, whatever its loader
    private Object askedBy(ClassLoader loader, String way) throws ReflectiveOperationException {
        var caller = (Function<Function<String, String>, Object>) loader.loadClass("demo.Caller$" + way)
                .getConstructor().newInstance();
        return caller.apply(name -> loggers.getLogger(name).getName());
    }

    @Test
    void whatAPluginAsksForCarriesItsIdWhateverNameItTakes() throws Exception {
        assertEquals("plugin.my-plugin/" + TAKEN, askedBy(loader("plugin:my-plugin"), "Direct"));
    }

    @Test
    @SuppressWarnings("unchecked") // as above
    void aFunctionThatItHandsOutCarriesItToo() throws Exception {
        var handed = (Function<String, String>) askedBy(loader("plugin:my-plugin"), "Handed");

        assertEquals("plugin.my-plugin/" + TAKEN, handed.apply(TAKEN));
    }

    @Test
    void classesThatALibraryOfAPluginMadeAreNotThePlatforms() throws Exception {
        assertEquals("plugin/" + TAKEN, askedBy(loader("made"), "Direct"));
        assertEquals("plugin/" + TAKEN,
                askedBy(new URLClassLoader(new URL[]{classes.toUri().toURL()}, null), "Direct"));
    }

    @Test
    void whatThePlatformAsksForKeepsItsName() throws Exception {
        var boot = ModuleLayer.boot();
        var configuration = boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(),
                Set.of("the.application"));
        var layer = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), null).layer();

        assertEquals(TAKEN, askedBy(layer.findLoader("the.application"), "Direct"));
        assertEquals(TAKEN, loggers.getLogger(TAKEN).getName());
    }
}
