package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.inject.Guice;
import io.insula.agent.hosting.AgentCatalog;
import io.insula.agent.rules.Verdict;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pf4j.PluginManager;
import tools.jackson.core.json.JsonFactory;

/**
 * A hostile plugin in the layers of an installation: the boot layer holds the JDK and what plugins may see, the engine
 * layer the host and its libraries. In a process of its own, under the flags of an installation.
 */
final class ProductionLayoutTest {
    private static final String LAUNCHER = """
            public final class Launch {
                public static void main(String[] args) throws Exception {
                    var folders = Stream.of(args[0].split(java.io.File.pathSeparator)).map(Path::of).toArray(Path[]::new);
                    var boot = ModuleLayer.boot();
                    var configuration = boot.configuration().resolveAndBind(ModuleFinder.of(), ModuleFinder.of(folders), Set.of("io.insula.app"));
                    var layer = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), null).layer();
                    var loader = layer.findLoader("io.insula.app");
                    Thread.currentThread().setContextClassLoader(loader);
                    loader.loadClass("io.insula.app.Drive").getMethod("main", String[].class)
                            .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
                }
            }
            """;
    private static final String DRIVER = """
            public final class Drive {
                public static void main(String[] args) throws Exception {
                    var settings = new PluginHostSettings(Path.of(args[0]), Path.of(args[1]), "0.1.0", PluginLimits.defaults(),
                            PluginGrants.none());
                    try (var host = Ungated.host(settings)) {
                        host.start();
                        host.plugins().forEach(report -> System.out.println(report.state() + " " + report.problem()));
                        try (var lease = host.lease("attack").orElseThrow()) {
                            Thread.currentThread().setContextClassLoader(lease.loader());
                            System.out.println(lease.records().encode(lease.newAgent().run(null).data()));
                        }
                    }
                }
            }
            """;
    /** Lies in the package of the host, where a test of the packaged classes alone can come at the other constructor. */
    private static final String UNGATED = """
            package io.insula.plugin.host;

            public final class Ungated {
                public static PluginHost host(PluginHostSettings settings) {
                    return new PluginHost(settings, Thread.ofPlatform().daemon().factory(),
                            (staged, description) -> io.insula.agent.rules.Verdict.ofNothing());
                }
            }
            """;
    private static final String ATTACK = """
            var found = new TreeSet<String>();
            var hidden = List.of("com.google.inject.Guice", "com.google.common.collect.ImmutableList", "org.pf4j.PluginManager",
                    "io.insula.plugin.host.PluginHost", "io.insula.agent.hosting.AgentCatalog", "io.insula.app.Drive",
                    "tools.jackson.core.JsonParser");
            var loaders = new ArrayList<ClassLoader>(List.of(getClass().getClassLoader(), ClassLoader.getSystemClassLoader(),
                    ClassLoader.getPlatformClassLoader(), Thread.currentThread().getContextClassLoader(),
                    Agent.class.getClassLoader()));
            for (var thread : Thread.getAllStackTraces().keySet()) {
                if (thread != Thread.currentThread() && thread.getContextClassLoader() != null
                        && !thread.getContextClassLoader().getClass().getName().startsWith("jdk.internal.loader.ClassLoaders")) {
                    found.add("context loader of " + thread.getName());
                }
            }
            var misses = 0;
            for (var name : hidden) {
                for (var loader : loaders) {
                    try { Class.forName(name, false, loader); found.add(name + " by " + loader.getName()); }
                    catch (ClassNotFoundException e) { misses++; }
                    if (loader.getResource(name.replace('.', '/') + ".class") != null) { found.add(name + " as resource"); }
                }
            }
            for (var layer = getClass().getModule().getLayer(); layer != ModuleLayer.empty(); layer = layer.parents().get(0)) {
                for (var module : List.of("com.google.guice", "pf4j", "io.insula.plugin.host", "io.insula.app", "tools.jackson.core")) {
                    layer.findModule(module).ifPresent(seen -> found.add("module " + seen));
                }
            }
            for (var loader : loaders) {
                ServiceLoader.load(Agent.class, loader).forEach(service -> found.add("service " + service));
            }
            found.add(misses + " times no class");
            found.add(Class.forName("java.util.logging.Logger").getModule().getName() + " is visible");
            return AgentResult.of(new Found(List.copyOf(found)));
            """;

    @TempDir
    Path root;

    @Test
    void a_hostile_plugin_finds_nothing_hidden_by_any_loader_layer_or_service() throws Exception {
        var folder = new PluginFolder(root);
        PluginSource.of("attack", "demo.attack").moduleBody("requires java.logging; uses io.insula.agent.Agent;")
                .agent("demo.attack.AttackAgent", "attack", ATTACK)
                .source("demo.attack.Found", "record Found(List<String> found) {}").jarAs(folder.file("attack.jar"));
        addUngated();
        var launcher = PluginSource.library("test.launcher").moduleBody("exports test.launcher;")
                .source("test.launcher.Launch",
                        "import java.lang.module.*; import java.nio.file.*; import java.util.stream.*;\n" + LAUNCHER)
                .jarAs(root.resolve("launcher.jar"));
        var driver = PluginSource.library("io.insula.app")
                .moduleBody("requires io.insula.plugin.host; exports io.insula.app;")
                .compiledAgainst(engineLayer())
                .source("io.insula.app.Drive", "import io.insula.plugin.host.*; import java.nio.file.*;\n" + DRIVER)
                .jarAs(root.resolve("driver.jar"));

        var output = run(List.of("--module-path", PluginSource.authorsModulePath() + File.pathSeparator + launcher,
                "--add-modules", "ALL-SYSTEM,org.slf4j,jakarta.inject,io.insula.agent",
                "-Dguice_bytecode_gen_option=DISABLED",
                "--illegal-native-access=deny", "--sun-misc-unsafe-memory-access=deny", "-m",
                "test.launcher/test.launcher.Launch",
                engineLayer() + File.pathSeparator + driver, folder.path().toString(), folder.work().toString()));

        // Seven classes that are hidden, by five loaders.
        assertEquals("STARTED Optional.empty\n{\"found\":[\"35 times no class\",\"java.logging is visible\"]}",
                output.strip());
    }

    /** Makes a copy of the host's module with one class more. */
    private void addUngated() throws Exception {
        var classes = PluginSource.locationOf(PluginHost.class);
        try (var files = Files.walk(classes)) {
            for (var file : files.toList()) {
                Files.copy(file, hostWithoutGate().resolve(classes.relativize(file).toString()));
            }
        }
        var source = Files.writeString(Files.createDirectory(root.resolve("patch")).resolve("Ungated.java"), UNGATED);
        var status = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-proc:none", "-nowarn",
                "-d", hostWithoutGate().toString(), "--patch-module", "io.insula.plugin.host=" + source.getParent(),
                "--module-path", engineLayer() + File.pathSeparator + PluginSource.authorsModulePath(),
                source.toString());
        assertEquals(0, status);
    }

    private Path hostWithoutGate() {
        return root.resolve("host");
    }

    private String engineLayer() {
        var ours =
                Stream.of(Verdict.class, AgentCatalog.class, Guice.class, ImmutableList.class, PluginManager.class,
                        JsonFactory.class).map(PluginSource::locationOf);
        var theirs =
                PluginSource.pathOfThisProcess().filter(path -> Stream.of("java-semver", "aopalliance", "failureaccess")
                        .anyMatch(path.getFileName().toString()::startsWith));
        return Stream.concat(Stream.of(hostWithoutGate()), Stream.concat(ours, theirs)).distinct().map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String run(List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(arguments);
        var output = root.resolve("output");
        var errors = root.resolve("errors");
        var process =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child process did not end");
        assertEquals(0, process.exitValue(), () -> textOf(output) + textOf(errors));
        return textOf(output);
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
