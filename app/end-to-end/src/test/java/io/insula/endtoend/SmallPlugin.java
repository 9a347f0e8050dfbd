package io.insula.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;

/** Makes versions of a plugin with one agent, as an author's build would, and puts them into an installation. */
final class SmallPlugin {
    private static final String MODULE = "module demo.swapped { requires io.insula.agent; }";
    /** Keeps something for the user, and waits for an answer if it is asked to. */
    private static final String AGENT = """
            package demo.swapped;

            import io.insula.agent.*;

            @AgentInfo(name = "swapped", summary = "Says its version")
            public final class SwappedAgent implements Agent {
                static final class Kept implements AutoCloseable {
                    @Override public void close() {}
                }

                @Override
                public AgentResult run(AgentContext context) {
                    context.resource(Kept.class, Kept::new);
                    if (context.input().text().equals("wait")) {
                        context.ask(new Question.Text("May I go on?"));
                    }
                    context.say("version @VERSION@");
                    return AgentResult.done();
                }
            }
            """;

    private final Installation installation;
    private final Path workshop;

    SmallPlugin(Installation installation, Path workshop) {
        this.installation = installation;
        this.workshop = workshop;
    }

    /** Where the plugin lies. */
    Path file() {
        return installation.plugins().resolve("swapped.jar");
    }

    /** Puts a jar in the place of the one before, in one step. */
    void put(Path jar) throws IOException {
        Files.move(jar, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes the jar of a version. */
    Path jar(String version) throws IOException {
        var sources = Files.createDirectories(workshop.resolve(version));
        Files.writeString(sources.resolve("module-info.java"), MODULE);
        Files.writeString(sources.resolve("SwappedAgent.java"), AGENT.replace("@VERSION@", version));
        compile(sources, installation.home().resolve("lib/boot") + File.pathSeparator + annotations(),
                sources.resolve("module-info.java"), sources.resolve("SwappedAgent.java"));
        var jar = workshop.resolve(version + ".jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", "swapped");
        manifest.getMainAttributes().putValue("Plugin-Version", version);
        manifest.getMainAttributes().putValue("Plugin-Requires", "0.1.0");
        try (var entries = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (var name : List.of("module-info.class", "demo/swapped/SwappedAgent.class",
                    "demo/swapped/SwappedAgent$Kept.class")) {
                entries.putNextEntry(new JarEntry(name));
                entries.write(Files.readAllBytes(sources.resolve(name)));
            }
            entries.putNextEntry(new JarEntry("META-INF/extensions.idx"));
            entries.write("demo.swapped.SwappedAgent".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    /** The author's interface names a module of annotations that nobody needs at run time; an empty one will do. */
    private Path annotations() throws IOException {
        var folder = Files.createDirectories(workshop.resolve("annotations"));
        compile(folder, "", Files.writeString(folder.resolve("module-info.java"), "module org.jspecify {}"));
        return folder;
    }

    private static void compile(Path target, String modulePath, Path... sources) {
        var arguments = new ArrayList<>(List.of("--release", "25", "-proc:none", "-nowarn", "-d", target.toString()));
        if (!modulePath.isEmpty()) {
            arguments.addAll(List.of("--module-path", modulePath));
        }
        for (var source : sources) {
            arguments.add(source.toString());
        }
        var messages = new StringWriter();
        var out = new PrintWriter(messages);
        if (ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the plugin does not compile: " + messages);
        }
    }
}
