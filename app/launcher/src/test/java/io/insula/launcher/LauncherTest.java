package io.insula.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private final ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    @AfterEach
    void restoreTheThread() {
        Thread.currentThread().setContextClassLoader(contextClassLoader);
    }

    @Test
    void handsTheCommandLineToTheApplication() throws IOException {
        var seen = home.resolve("seen");
        Applications.install(home, "java.nio.file.Files.writeString(java.nio.file.Path.of(args[0]), args[1]);");

        assertTrue(launch(false, seen.toString(), "every word"));

        assertEquals("every word", Files.readString(seen));
        assertEquals("", errors.toString(UTF_8));
    }

    @Test
    void theApplicationRunsWithTheLoaderOfItsLayerAsContext() {
        Applications.install(home, """
                if (Thread.currentThread().getContextClassLoader() != Main.class.getClassLoader())
                    throw new IllegalStateException("another loader");
                """);

        assertTrue(launch(false), () -> errors.toString(UTF_8));
    }

    @Test
    void theApplicationLogsThroughTheProviderOfTheBootLayer() {
        Applications.install(home, """
                var factory = org.slf4j.LoggerFactory.getILoggerFactory().getClass();
                if (!factory.getName().startsWith("org.slf4j.simple."))
                    throw new IllegalStateException(factory.getName());
                if (factory.getModule().getLayer() != ModuleLayer.boot())
                    throw new IllegalStateException("another layer");
                """);

        assertTrue(launch(false), () -> errors.toString(UTF_8));
    }

    @Test
    void theBootLayerFindsNoClassOfTheEngineLayer() {
        Applications.install(home, "");
        assertTrue(launch(false));

        assertThrows(ClassNotFoundException.class, () -> Class.forName("io.insula.app.Main", false,
                ClassLoader.getSystemClassLoader()));
        assertThrows(ClassNotFoundException.class, () -> Class.forName("io.insula.app.Main", false,
                ClassLoader.getPlatformClassLoader()));
        assertTrue(ModuleLayer.boot().findModule("io.insula.app").isEmpty());
    }

    @Test
    void theEngineLayerFindsNoBootClassThatItDoesNotRead() {
        Applications.install(home, "Class.forName(\"io.insula.launcher.Launcher\");");

        assertFalse(launch(false));

        assertEquals("insula: io.insula.launcher.Launcher\n", errors.toString(UTF_8));
    }

    @Test
    void whatTheApplicationThrowsIsSaidInOneLine() {
        Applications.install(home, "throw new IllegalStateException(\"Port 80\\n is taken.\");");

        assertFalse(launch(false));

        assertEquals("insula: Port 80 is taken.\n", errors.toString(UTF_8));
    }

    @Test
    void anErrorWithoutMessageIsNamed() {
        Applications.install(home, "throw new StackOverflowError();");

        assertFalse(launch(false));

        assertEquals("insula: java.lang.StackOverflowError. INSULA_DEBUG=1 shows where.\n", errors.toString(UTF_8));
    }

    @Test
    void theStackTraceIsShownWhenAskedFor() {
        Applications.install(home, "throw new IllegalStateException(\"Port 80 is taken.\");");

        assertFalse(launch(true));

        assertTrue(errors.toString(UTF_8).contains("at io.insula.app/io.insula.app.Main.main"),
                () -> errors.toString(UTF_8));
    }

    @Test
    void aMissingFolderIsNamed() {
        assertFalse(launch(false));

        assertEquals(
                "insula: There is no folder " + home.resolve("lib", "engine") + ". Unpack the distribution again.\n",
                errors.toString(UTF_8));
    }

    @Test
    void aModuleThatIsMissingIsNamed() throws IOException {
        Files.createDirectories(home.resolve("lib", "engine"));

        assertFalse(launch(false));

        var line = errors.toString(UTF_8);
        assertTrue(line.contains("do not fit together: Module io.insula.app not found"), line);
    }

    @Test
    void logSettingsOfTheCommandLineWin() {
        var properties = new Properties();
        properties.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "trace");

        LogDefaults.apply(properties);

        assertEquals("trace", properties.getProperty("org.slf4j.simpleLogger.defaultLogLevel"));
        assertEquals("info", properties.getProperty("org.slf4j.simpleLogger.log.io.insula"));
    }

    private boolean launch(boolean withStackTrace, String... args) {
        var report = new FailureReport(new PrintStream(errors, true, UTF_8), withStackTrace);
        return Launcher.start(home, args, report);
    }
}
