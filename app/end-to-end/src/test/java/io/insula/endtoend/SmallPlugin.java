package io.insula.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Makes versions of a plugin with one agent of the same name, and puts them into an installation. */
final class SmallPlugin {
    /** Keeps something for the user, and waits for an answer if it is asked to. */
    private static final String AGENT = """
            package demo.@NAME@;

            import io.insula.agent.*;

            @AgentInfo(name = "@NAME@", summary = "Says its version"@MORE@)
            public final class TheAgent implements Agent {
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
    private final PluginWorkshop workshop;
    private final String name;

    SmallPlugin(Installation installation, PluginWorkshop workshop, String name) {
        this.installation = installation;
        this.workshop = workshop;
        this.name = name;
    }

    /** Where the plugin lies. */
    Path file() {
        return installation.plugins().resolve(name + ".jar");
    }

    /** Puts a jar in the place of the one before, in one step. */
    void put(Path jar) throws IOException {
        Files.move(jar, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes the jar of a version. */
    Path jar(String version) throws IOException {
        return make(version, "");
    }

    /** Makes the jar of a version whose runs can be resumed, and that resumes those of these other versions. */
    Path resumable(String version, String... compatibleWith) throws IOException {
        var others = Arrays.stream(compatibleWith).map(other -> '"' + other + '"').collect(Collectors.joining(", "));
        return make(version, ", resumable = true, compatibleWith = {" + others + "}");
    }

    private Path make(String version, String more) throws IOException {
        var agent = AGENT.replace("@NAME@", name).replace("@MORE@", more).replace("@VERSION@", version);
        return workshop.jar(name + "-" + version + ".jar", PluginWorkshop.Module.plugin(name, version,
                "module demo." + name + " { requires io.insula.agent; }", agent));
    }
}
