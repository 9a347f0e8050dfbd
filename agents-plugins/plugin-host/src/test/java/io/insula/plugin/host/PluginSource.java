package io.insula.plugin.host;

import io.insula.agent.Agent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;

/** A plugin written down in a test: compiled and packed as an author's build would. */
final class PluginSource {
    private static final String REQUIRES = "requires io.insula.agent; requires jakarta.inject; requires org.slf4j;";

    // The same plugin stands in many tests, and the compiler takes most of their time.
    private static final Map<List<Object>, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

    private final String module;
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new TreeMap<>();
    private final Map<String, byte[]> resources = new TreeMap<>();
    private final List<String> extensions = new ArrayList<>();
    private final List<String> libraries = new ArrayList<>();
    private String moduleInfo;

    private PluginSource(String module, String moduleInfo) {
        this.module = module;
        this.moduleInfo = moduleInfo;
    }

    /** A plugin of this id in a module of this name, without any class. */
    static PluginSource of(String id, String module) {
        return library(module).manifest("Plugin-Id", id).manifest("Plugin-Version", "1.0.0")
                .manifest("Plugin-Requires", "0.1.0");
    }

    /** A named module that is no plugin. */
    static PluginSource library(String module) {
        return new PluginSource(module, "module " + module + " { " + REQUIRES + " }");
    }

    /** A plugin of this id with one agent of the same name, which does nothing. */
    static PluginSource withAgent(String id) {
        return of(id, "demo." + id).agent("demo." + id + ".TheAgent", id, "return AgentResult.done();");
    }

    /** A plugin of this id and version with one agent of the same name. */
    static PluginSource versioned(String id, String version) {
        return withAgent(id).manifest("Plugin-Version", version);
    }

    PluginSource manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    PluginSource without(String manifestName) {
        manifest.remove(manifestName);
        return this;
    }

    /** Replaces what stands between the braces of module-info; the usual requires stay. */
    PluginSource moduleBody(String body) {
        moduleInfo = "module " + module + " { " + REQUIRES + " " + body + " }";
        return this;
    }

    PluginSource withoutModuleInfo() {
        moduleInfo = "";
        return this;
    }

    /** Adds a class; the text begins after the package. */
    PluginSource source(String className, String text) {
        var packageName = className.substring(0, className.lastIndexOf('.'));
        sources.put(className.replace('.', '/') + ".java", "package " + packageName
                + ";\nimport io.insula.agent.*;\nimport java.util.*;\n" + text);
        return this;
    }

    /** Adds a class and puts it into the extension index. */
    PluginSource extension(String className, String text) {
        extensions.add(className);
        return source(className, text);
    }

    /** Adds an agent whose run method has this body. */
    PluginSource agent(String className, String name, String body) {
        var simpleName = className.substring(className.lastIndexOf('.') + 1);
        return extension(className, """
                @AgentInfo(name = "%s", summary = "Made for a test")
                public final class %s implements Agent {
                    @Override public AgentResult run(AgentContext context) throws Exception { %s }
                }
                """.formatted(name, simpleName, body));
    }

    /** Puts a name into the extension index that no class here has. */
    PluginSource indexed(String className) {
        extensions.add(className);
        return this;
    }

    PluginSource resource(String name, String text) {
        resources.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PluginSource resource(String name, byte[] bytes) {
        resources.put(name, bytes);
        return this;
    }

    /** Puts a jar on the module path of the compiler. */
    PluginSource compiledAgainst(Path jar) {
        return compiledAgainst(jar.toString());
    }

    /** Puts several on it, separated as in a path. */
    PluginSource compiledAgainst(String jars) {
        libraries.add(jars);
        return this;
    }

    /** Writes the jar, compiled, and returns it. */
    Path jarAs(Path file) {
        try {
            var classes = compile();
            if (!extensions.isEmpty()) {
                classes.put("META-INF/extensions.idx", String.join("\n", extensions).getBytes(StandardCharsets.UTF_8));
            }
            classes.putAll(resources);
            Files.write(file, jar(classes));
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes a zip of these files. */
    static Path zip(Path file, Map<String, byte[]> entries) {
        try {
            var bytes = new ByteArrayOutputStream();
            try (var zip = new ZipOutputStream(bytes)) {
                for (var entry : entries.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                }
            }
            Files.write(file, bytes.toByteArray());
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The module path that authors compile against. */
    static String authorsModulePath() {
        var compiledOnly = pathOfThisProcess().filter(path -> path.getFileName().toString().startsWith("jspecify"));
        return Stream
                .concat(Stream.of(Agent.class, Inject.class, Logger.class).map(PluginSource::locationOf), compiledOnly)
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** All jars and folders that this process reads classes from. */
    static Stream<Path> pathOfThisProcess() {
        return Stream.of("jdk.module.path", "java.class.path").map(name -> System.getProperty(name, ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator))).filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /** The jar or folder that a class comes from. */
    static Path locationOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] jar(Map<String, byte[]> entries) throws IOException {
        var written = new Manifest();
        written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((name, value) -> written.getMainAttributes().putValue(name, value));
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes, written)) {
            for (var entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private Map<String, byte[]> compile() throws IOException {
        var key = List.of(moduleInfo, Map.copyOf(sources), List.copyOf(libraries));
        var compiled = COMPILED.get(key);
        if (compiled == null) {
            compiled = compileAnew();
            COMPILED.put(key, compiled);
        }
        return new TreeMap<>(compiled);
    }

    private Map<String, byte[]> compileAnew() throws IOException {
        var folder = Files.createTempDirectory("plugin-source");
        try {
            var target = Files.createDirectory(folder.resolve("classes"));
            var arguments =
                    new ArrayList<>(List.of("--release", "25", "-proc:none", "-nowarn", "-d", target.toString()));
            var path = Stream.concat(Stream.of(authorsModulePath()), libraries.stream())
                    .collect(Collectors.joining(File.pathSeparator));
            arguments.addAll(List.of(moduleInfo.isEmpty() ? "--class-path" : "--module-path", path));
            var files = new TreeMap<>(sources);
            if (!moduleInfo.isEmpty()) {
                files.put("module-info.java", moduleInfo);
            }
            for (var source : files.entrySet()) {
                var file = folder.resolve(source.getKey());
                Files.createDirectories(file.getParent());
                arguments.add(Files.writeString(file, source.getValue()).toString());
            }
            var messages = new StringWriter();
            var out = new PrintWriter(messages);
            if (ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new)) != 0) {
                throw new AssertionError("the plugin of this test does not compile: " + messages);
            }
            return filesIn(target);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private static Map<String, byte[]> filesIn(Path folder) throws IOException {
        var files = new TreeMap<String, byte[]>();
        URI root = folder.toUri();
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file.toUri()).getPath(), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
