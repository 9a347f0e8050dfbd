package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the plugins folder when the application starts. */
class PluginsIT {
    @TempDir
    private Path folder;

    private static List<String> agents(InsulaClient user) {
        var names = new ArrayList<String>();
        user.welcome().path("agents").forEach(agent -> names.add(agent.path("name").asString()));
        return names;
    }

    @Test
    void anInstallationWithoutPluginsStartsAndSaysThatThereAreNoAgents() throws Exception {
        try (var app = PackagedApp.start(Installation.withPlugins(folder, List.of()));
                var user = app.user("nobody-there")) {
            assertEquals(List.of(), agents(user));
            assertEquals("agent-unknown", user.refused(user.run("hello", "Ada", "t")));
        }
    }

    @Test
    void aJarDroppedIntoTheFolderIsThereAndGarbageBesideItIsReported() throws Exception {
        var installation = Installation.withPlugins(folder, List.of());
        installation.addPlugin("hello");
        putGarbage(installation);

        try (var app = PackagedApp.start(installation); var user = app.user("plugins")) {
            assertEquals(List.of("hello"), agents(user));
            var started = user.start("hello", "Ada");
            assertSuccess(user.awaitEnd(started.run()));
            assertTrue(user.said(started.run()).contains("Ada"), () -> user.said(started.run()));

            for (String garbage : List.of("garbage.jar", "empty.jar", "cut-off.jar")) {
                assertTrue(app.output().contains(garbage), () -> garbage + " is not reported in " + app.output());
            }
            var list = app.command("plugin", "list");
            assertEquals(0, list.status(), list::output);
            assertTrue(list.output().contains("hello"), list::output);
            assertTrue(list.output().contains("garbage.jar"), list::output);
            assertFalse(list.output().contains("\tat "), list::output);
        }
    }

    private static void putGarbage(Installation installation) throws IOException {
        Files.write(installation.plugins().resolve("garbage.jar"),
                "this is no archive".getBytes(StandardCharsets.UTF_8));
        Files.write(installation.plugins().resolve("empty.jar"), new byte[0]);
        try (var jars = Files.newDirectoryStream(installation.plugins(), "insula-hello-*.jar")) {
            byte[] whole = Files.readAllBytes(jars.iterator().next());
            Files.write(installation.plugins().resolve("cut-off.jar"),
                    java.util.Arrays.copyOf(whole, whole.length / 2));
        }
        Files.writeString(installation.plugins().resolve("notes.txt"), "not a plugin at all");
    }
}
