package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Compiles and packs attacks as an author's build would, and takes the gate out of an installation. */
final class AttackPlugins {
    private static final String GATE = "io/insula/plugin/host/PluginGate.class";
    private static final String WITHOUT_GATE = """
            package io.insula.plugin.host;

            import io.insula.agent.rules.Verdict;

            record PluginGate(PluginGrants grants) implements Admission {
                @Override
                public Verdict judge(StagedPlugin staged, PluginDescription description) {
                    return Verdict.ofNothing();
                }
            }
            """;

    private AttackPlugins() {}

    /** Makes a folder of jars, one for each attack. */
    static Path jars(List<Attack> attacks, Installation platform, Path folder) throws IOException {
        var sources = Files.createDirectories(folder.resolve("sources"));
        var classes = Files.createDirectories(folder.resolve("classes"));
        for (var attack : attacks) {
            var root = Files.createDirectories(sources.resolve(attack.module()));
            Files.writeString(root.resolve("module-info.java"), attack.moduleInfo());
            var agent = root.resolve(attack.module().replace('.', '/')).resolve("TheAgent.java");
            Files.createDirectories(agent.getParent());
            Files.writeString(agent, attack.source());
        }
        // One run of the compiler for all: starting it takes most of the time.
        compile("-d", classes.toString(), "--module-source-path", sources.toString(), "--module-path",
                modulePath(platform, folder), "--module",
                attacks.stream().map(Attack::module).collect(Collectors.joining(",")));
        var jars = Files.createDirectories(folder.resolve("jars"));
        for (var attack : attacks) {
            jar(jars.resolve(attack.id() + ".jar"), attack, classes.resolve(attack.module()));
        }
        return jars;
    }

    /** Makes a gate that admits everything, and returns its class file. */
    static Path openGate(Installation platform, Path folder) throws IOException {
        var source = Files.createDirectories(folder.resolve("open-gate")).resolve("PluginGate.java");
        Files.writeString(source, WITHOUT_GATE);
        var classes = Files.createDirectories(folder.resolve("open-gate-classes"));
        compile("-d", classes.toString(), "--patch-module", "io.insula.plugin.host=" + source.getParent(),
                "--module-path", modulePath(platform, folder), source.toString());
        return classes.resolve(GATE);
    }

    /** Puts another gate into the installation's own copy of the host. */
    static void replaceGate(Installation installation, Path gate) throws IOException {
        try (var jars = Files.newDirectoryStream(installation.home().resolve("lib/engine"), "insula-plugin-host-*")) {
            var host = jars.iterator().next();
            try (var files = FileSystems.newFileSystem(URI.create("jar:" + host.toUri()), Map.of())) {
                Files.write(files.getPath(GATE), Files.readAllBytes(gate));
            }
        }
    }

    private static String modulePath(Installation installation, Path folder) throws IOException {
        var annotations = folder.resolve("annotations");
        if (Files.notExists(annotations)) {
            // The platform's modules name the one of the null annotations, which an installation has no use for.
            var source = Files.createDirectories(folder.resolve("org.jspecify")).resolve("module-info.java");
            Files.writeString(source, "module org.jspecify {}");
            compile("-d", annotations.toString(), source.toString());
        }
        return Stream
                .concat(Stream.of("lib/boot", "lib/engine").map(installation.home()::resolve), Stream.of(annotations))
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static void compile(String... arguments) {
        var all = new ArrayList<>(List.of("--release", "25", "-proc:none", "-nowarn"));
        all.addAll(List.of(arguments));
        var messages = new StringWriter();
        var out = new PrintWriter(messages);
        var status = ToolProvider.findFirst("javac").orElseThrow().run(out, out, all.toArray(String[]::new));
        assertEquals(0, status, messages::toString);
    }

    private static void jar(Path file, Attack attack, Path classes) throws IOException {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Plugin-Id", attack.id());
        attributes.putValue("Plugin-Version", "1.0.0");
        attributes.putValue("Plugin-Requires", "0.1.0");
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var files = Files.walk(classes)) {
            for (var each : files.filter(Files::isRegularFile).sorted().toList()) {
                put(jar, classes.relativize(each).toString(), Files.readAllBytes(each));
            }
            put(jar, "META-INF/extensions.idx", (attack.module() + ".TheAgent\n").getBytes(StandardCharsets.UTF_8));
            put(jar, attack.module().replace('.', '/') + "/own.txt", attack.id().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content);
    }
}
