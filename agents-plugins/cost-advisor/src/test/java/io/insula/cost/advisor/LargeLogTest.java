package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LargeLogTest {
    private static final long HUNDRED_MEGABYTES = 100_000_000;

    @Test
    void aHundredMegabytesOfTheHardestLogFitIntoAHeapOf256() throws Exception {
        Path target = Path.of(System.getProperty("basedir", "."), "target");
        String classPath = target.resolve("classes") + File.pathSeparator + target.resolve("test-classes");
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process measured = new ProcessBuilder(List.of(java, "-Xmx256m", "-cp", classPath, GeneratedLog.class.getName(),
                        Long.toString(HUNDRED_MEGABYTES), "known"))
                .redirectErrorStream(true)
                .start();
        try {
            String printed = new String(measured.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(measured.waitFor(2, TimeUnit.MINUTES), "still measuring");
            assertEquals(0, measured.exitValue(), printed);
            assertTrue(printed.startsWith("equal "), printed);
        } finally {
            measured.destroyForcibly();
        }
    }
}
