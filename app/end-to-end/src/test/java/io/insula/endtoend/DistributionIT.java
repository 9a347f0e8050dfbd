package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged distribution holds, and that it starts from wherever it is called. */
class DistributionIT {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("insula.distribution"));

    /** Each jar here is seen by every plugin's layer: one more is a decision. */
    private static final List<String> BOOT = List.of(
            "insula-agent-api-0.1.0.jar",
            "insula-launcher-0.1.0.jar",
            "jakarta.inject-api-2.0.1.jar",
            "slf4j-api-2.0.20.jar",
            "slf4j-simple-2.0.20.jar");

    /** Each jar here runs with all rights of the platform: one more is a decision, also when it comes by itself. */
    private static final List<String> ENGINE = List.of(
            "aopalliance-1.0.jar",
            "failureaccess-1.0.3.jar",
            "guava-33.8.0-jre.jar",
            "guice-7.0.0.jar",
            "insula-agent-hosting-0.1.0.jar",
            "insula-agent-rules-0.1.0.jar",
            "insula-engine-api-0.1.0.jar",
            "insula-engine-user-0.1.0.jar",
            "insula-plugin-host-0.1.0.jar",
            "insula-server-0.1.0.jar",
            "insula-websocket-transport-0.1.0.jar",
            "jackson-annotations-2.22.jar",
            "jackson-core-3.2.4.jar",
            "jackson-databind-3.2.4.jar",
            "java-semver-0.10.2.jar",
            "jetty-http-12.1.14.jar",
            "jetty-io-12.1.14.jar",
            "jetty-server-12.1.14.jar",
            "jetty-util-12.1.14.jar",
            "jetty-websocket-core-common-12.1.14.jar",
            "jetty-websocket-core-server-12.1.14.jar",
            "nimbus-jose-jwt-10.10.jar",
            "pf4j-3.15.0.jar",
            "picocli-4.7.7.jar",
            "sqlite-jdbc-3.54.1.0.jar");

    private static final List<String> PLUGINS = List.of(
            "insula-cost-advisor-0.1.0.jar",
            "insula-hello-0.1.0.jar");

    @TempDir
    private Path elsewhere;

    @Test
    void holdsExactlyTheJarsWrittenDown() throws IOException {
        assertEquals(BOOT, files("lib/boot"));
        assertEquals(ENGINE, files("lib/engine"));
        assertEquals(PLUGINS, files("plugins"));
    }

    @Test
    void holdsNothingBesideItsFolders() throws IOException {
        assertEquals(List.of("bin", "conf", "lib", "plugins"), files("."));
        assertEquals(List.of("boot", "engine"), files("lib"));
        assertEquals(List.of("find-java.sh", "insula"), files("bin"));
        assertEquals(List.of("insula.properties", "logging.properties"), files("conf"));
    }

    @Test
    void noModuleOfTheEngineLayerIsOnThePathOfTheBootLayer() {
        var boot = modules("lib/boot");
        var engine = modules("lib/engine");

        assertEquals(BOOT.size(), boot.size());
        assertEquals(ENGINE.size(), engine.size());
        assertFalse(boot.stream().anyMatch(engine::contains), () -> "in both layers: " + boot + " and " + engine);
    }

    @Test
    void theBootLayerResolvesNoModuleOfTheEngineLayer() throws Exception {
        var run = run(DISTRIBUTION.resolve("bin", "insula"), Map.of("INSULA_JAVA_OPTIONS", "--show-module-resolution"));

        assertEquals(0, run.status(), run::output);
        var resolved = run.output().lines()
                .filter(line -> line.startsWith("root ") || line.contains(" requires ") || line.contains(" binds "))
                .flatMap(line -> Stream.of(line.split(" ")))
                .collect(Collectors.toSet());
        assertTrue(resolved.containsAll(Set.of("io.insula.launcher", "io.insula.agent", "org.slf4j")), run::output);
        assertTrue(modules("lib/engine").stream().noneMatch(resolved::contains), run::output);
    }

    @Test
    void runsFromAnotherFolderThroughSymbolicLinks() throws Exception {
        var link = Files.createSymbolicLink(elsewhere.resolve("first"), DISTRIBUTION.resolve("bin", "insula"));
        var linkToLink = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("first"));

        for (var program : List.of(link, linkToLink)) {
            var run = run(program, Map.of());

            assertEquals(0, run.status(), run::output);
            assertTrue(run.output().contains("insula"), run::output);
        }
    }

    @Test
    void saysNothingOfTheJvmsWarnings() throws Exception {
        var run = run(DISTRIBUTION.resolve("bin", "insula"), Map.of());

        assertFalse(run.output().contains("WARNING"), run::output);
    }

    @Test
    void saysWhatToDoWhereThereIsNoJdk() throws Exception {
        var finder = DISTRIBUTION.resolve("bin", "find-java.sh");
        var oldJdk = Files.createDirectories(elsewhere.resolve("jdk-24", "bin")).getParent();
        Files.createFile(oldJdk.resolve("bin", "java")).toFile().setExecutable(true);
        Files.writeString(oldJdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"24.0.2\"\n");

        var run = run(List.of("/bin/sh", "-c", ". " + finder + "; INSULA_JAVA_MINIMUM=9999; find_java java"),
                Map.of("JAVA_HOME", oldJdk.toString()));

        assertEquals(1, run.status());
        assertTrue(run.output().contains("no JDK 9999 or newer was found"), run::output);
        assertTrue(run.output().contains("JAVA_HOME (" + oldJdk + ")"), run::output);
    }

    @Test
    void prefersTheJdkOfJavaHomeOnlyIfItIsNewEnough() throws Exception {
        var finder = DISTRIBUTION.resolve("bin", "find-java.sh");
        var find = List.of("/bin/sh", "-c", ". " + finder + "; find_java java && echo \"found $JAVA_FOUND\"");
        var jdk = Files.createDirectories(elsewhere.resolve("a jdk", "bin")).getParent();
        Files.createFile(jdk.resolve("bin", "java")).toFile().setExecutable(true);

        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
        assertEquals("found " + jdk + "\n", run(find, Map.of("JAVA_HOME", jdk.toString())).output());

        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"24.0.2\"\n");
        var run = run(find, Map.of("JAVA_HOME", jdk.toString()));
        assertEquals(0, run.status(), run::output);
        assertFalse(run.output().contains(jdk.toString()), run::output);
    }

    private static List<String> files(String folder) throws IOException {
        try (var files = Files.list(DISTRIBUTION.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Set<String> modules(String folder) {
        return ModuleFinder.of(DISTRIBUTION.resolve(folder)).findAll().stream()
                .map(ModuleReference::descriptor)
                .map(descriptor -> descriptor.name())
                .collect(Collectors.toSet());
    }

    private CommandRun run(Path program, Map<String, String> environment) throws IOException, InterruptedException {
        return run(List.of(program.toString(), "--version"), environment);
    }

    private CommandRun run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        return CommandRun.of(command, environment, elsewhere);
    }
}
