package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes to check a jar of 1 MB whose classes keep all rules, which is the longest: nothing ends it early.
 * Runs in the profile {@code benchmarks}, because its figures are those of the machine.
 */
final class GateBenchmark {
    private static final int JAR_BYTES = 1_000_000;
    private static final int ROUNDS = 100;
    private static final int WARM_AFTER = 50;
    private static final Duration LIMIT = Duration.ofMillis(150);

    @TempDir
    Path folder;

    @Test
    void a_warm_check_of_one_megabyte_takes_less_than_150_milliseconds() throws IOException {
        var jar = jar();
        var times = new long[ROUNDS];
        for (var round = 0; round < ROUNDS; round++) {
            var begin = System.nanoTime();
            assertTrue(PluginRules.check(new PluginFiles(jar, List.of()), Set.of()).accepted());
            times[round] = System.nanoTime() - begin;
        }
        var warm = Arrays.copyOfRange(times, WARM_AFTER, ROUNDS);
        Arrays.sort(warm);
        var median = Duration.ofNanos(warm[warm.length / 2]);
        System.out.printf("gate: %d bytes, first %d ms, warm median %d ms, fastest %d ms%n", Files.size(jar),
                times[0] / 1_000_000, median.toMillis(), warm[0] / 1_000_000);
        assertTrue(median.compareTo(LIMIT) < 0, median::toString);
    }

    /** The harmless twins, again and again in packages of their own, until the jar is large enough. */
    private Path jar() throws IOException {
        var cases = RuleCases.all().stream().filter(each -> !each.library()).map(RuleCase::keeping).toList();
        var jar = folder.resolve("plugin.jar");
        var classes = folder.resolve("compiled").resolve("classes");
        var texts = new TreeMap<String, String>();
        for (var copy = 0; copy < 10; copy++) {
            for (var i = 0; i < cases.size(); i++) {
                texts.put("copy" + copy + ".sample" + i, cases.get(i));
            }
        }
        Compiled.in(folder.resolve("compiled"), texts);
        try (var files = Files.walk(classes); var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
                if (Files.size(jar) > JAR_BYTES) {
                    break;
                }
            }
        }
        return jar;
    }
}
