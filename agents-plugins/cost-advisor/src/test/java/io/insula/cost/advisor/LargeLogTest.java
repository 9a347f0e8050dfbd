package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeLogTest {
    private static final long HUNDRED_MEGABYTES = 100_000_000;

    @Test
    void aHundredMegabytesOfTheHardestLogFitIntoAHeapOf256(@TempDir Path folder) throws Exception {
        Path target = Path.of(System.getProperty("basedir", "."), "target");
        String classPath = target.resolve("classes") + File.pathSeparator + target.resolve("test-classes");
        String java = ProcessHandle.current().info().command().orElseThrow();
        Path printed = folder.resolve("printed");
        Process measured = new ProcessBuilder(List.of(java, "-Xmx256m", "-cp", classPath, GeneratedLog.class.getName(),
                Long.toString(HUNDRED_MEGABYTES)))
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertTrue(measured.waitFor(5, TimeUnit.MINUTES), "still measuring");
            assertEquals(0, measured.exitValue(), Files.readString(printed));
            assertTrue(Files.readString(printed).startsWith("equal "), Files.readString(printed));
        } finally {
            measured.destroyForcibly();
        }
    }
}
