package io.insula.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;

/** Compiles modules against an installation and packs them, as an author's build would. */
final class PluginWorkshop {
    /**
     * A module to be made.
     *
     * @param sources its files by name, all in one folder
     * @param manifest what the manifest says beside its own version
     * @param extensions the classes that the platform is to look at
     */
    record Module(Map<String, String> sources, Map<String, String> manifest, List<String> extensions) {
        /** A plugin with one agent. */
        static Module plugin(String id, String version, String moduleInfo, String agent) {
            return new Module(Map.of("module-info.java", moduleInfo, "TheAgent.java", agent),
                    Map.of("Plugin-Id", id, "Plugin-Version", version, "Plugin-Requires", "0.1.0"),
                    List.of("demo." + id + ".TheAgent"));
        }
    }

    private final Installation installation;
    private final Path folder;

    /** Makes one that works in a folder of its own. */
    PluginWorkshop(Installation installation, Path folder) {
        this.installation = installation;
        this.folder = folder;
    }

    /**
     * Makes a jar of this name.
     *
     * @param needs jars that it is compiled against
     */
    Path jar(String name, Module module, Path... needs) throws IOException {
        var root = Files.createDirectories(folder.resolve(name + ".work"));
        var sources = new ArrayList<Path>();
        for (var source : module.sources().entrySet()) {
            sources.add(Files.writeString(root.resolve(source.getKey()), source.getValue()));
        }
        var classes = root.resolve("classes");
        var path = Stream.concat(Stream.of(installation.home().resolve("lib/boot"), annotations()), Stream.of(needs));
        compile(classes, path.map(Path::toString).collect(Collectors.joining(File.pathSeparator)), sources);
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        module.manifest().forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        var jar = folder.resolve(name);
        try (var entries = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                put(entries, classes.relativize(file).toString(), Files.readAllBytes(file));
            }
            var index = String.join("\n", module.extensions());
            put(entries, "META-INF/extensions.idx", index.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    /** Makes a zip of this name, of a plugin and its libraries. */
    Path zip(String name, Path... jars) throws IOException {
        var zip = folder.resolve(name);
        try (var entries = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var jar : jars) {
                put(entries, "lib/" + jar.getFileName(), Files.readAllBytes(jar));
            }
        }
        return zip;
    }

    private static void put(ZipOutputStream entries, String name, byte[] content) throws IOException {
        entries.putNextEntry(new JarEntry(name));
        entries.write(content);
    }

    /** The author's interface names a module of annotations that nobody needs at run time; an empty one will do. */
    private Path annotations() throws IOException {
        var annotations = folder.resolve("annotations");
        if (Files.notExists(annotations)) {
            var source = Files.createDirectories(folder.resolve("annotations.work")).resolve("module-info.java");
            compile(annotations, "", List.of(Files.writeString(source, "module org.jspecify {}")));
        }
        return annotations;
    }

    private static void compile(Path target, String modulePath, List<Path> sources) {
        var arguments = new ArrayList<>(List.of("--release", "25", "-proc:none", "-nowarn", "-d", target.toString()));
        if (!modulePath.isEmpty()) {
            arguments.addAll(List.of("--module-path", modulePath));
        }
        sources.forEach(source -> arguments.add(source.toString()));
        var messages = new StringWriter();
        var out = new PrintWriter(messages);
        if (ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the plugin does not compile: " + messages);
        }
    }
}
