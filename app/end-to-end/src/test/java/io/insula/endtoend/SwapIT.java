package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Plugins that come, change and go while the application serves. */
class SwapIT {
    @TempDir
    private Path folder;

    @Test
    void aPluginComesIsReplacedUnderARunAndGoesWithoutARestart() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.putAll(PackagedApp.ATTACHABLE);
        // A run that is accepted in the moment in which its plugin goes waits this long for it to come back.
        environment.put("INSULA_ENGINE_RUN_AGENT_WAIT", "2 s");
        var installation = Installation.withPlugins(folder, List.of());
        var plugin = new SmallPlugin(installation,
                new PluginWorkshop(installation, Files.createDirectory(folder.resolve("workshop"))), "swapped");
        try (var app = PackagedApp.start(installation, environment); var user = app.user("swapper")) {
            assertEquals(List.of(), listed(app));
            putAndMeasure(plugin, user, "1.0.0");

            var old = user.start("swapped", "wait");
            var question = user.awaitQuestion(old.run());
            putAndMeasure(plugin, user, "2.0.0");
            assertEquals(List.of("2.0.0 running 0", "1.0.0 finishing 1"), listed(app));
            assertTrue(app.command("plugin", "list").output().contains("finishing, 1 run under way"));

            Files.writeString(plugin.file(), "this is no archive");
            awaitListed(app, List.of("2.0.0 running 0", "1.0.0 finishing 1", "? refused 0"));
            assertEquals("version 2.0.0", asked(user));

            user.succeed(user.answer(old.run(), question).put("answer", "yes"));
            assertSuccess(user.awaitEnd(old.run()));
            assertEquals("version 1.0.0", user.said(old.run()));
            awaitListed(app, List.of("2.0.0 running 0", "? refused 0"));
            new ServedPlugins(app).awaitLoaders(1);

            Files.delete(plugin.file());
            Eventually.await("the agent to be gone", () -> asked(user).equals("refused agent-unknown"), app::output);
            awaitListed(app, List.of());
            new ServedPlugins(app).awaitLoaders(0);
            app.awaitOutput("plugin unloaded plugin=swapped version=2.0.0");
        }
    }

    @Test
    void theListSaysThatNobodyServes() throws Exception {
        var installation = Installation.withPlugins(folder, List.of());
        var list = CommandRun.of(List.of(installation.program().toString(), "plugin", "list"),
                java.util.Map.of("INSULA_DATA_DIR", installation.data().toString()), installation.home());

        assertNotEquals(0, list.status());
        assertTrue(list.output().contains("No Insula serves from the data folder"), list::output);
    }

    private static void putAndMeasure(SmallPlugin plugin, InsulaClient user, String version) throws IOException {
        var whole = plugin.jar(version);
        long start = System.nanoTime();
        plugin.put(whole);
        Eventually.await("a run on " + version, () -> asked(user).equals("version " + version), () -> asked(user));
        System.out.println("swap version=" + version + " file-to-first-run-millis="
                + Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    /** What the agent says to a new run, or how it is refused. */
    private static String asked(InsulaClient user) {
        var reply = user.call(user.run("swapped", "", "thread-" + UUID.randomUUID()));
        if (reply.path("type").asString().equals("refused")) {
            return "refused " + reply.path("code").asString();
        }
        var run = reply.path("run").asString();
        user.awaitEnd(run);
        return user.said(run);
    }

    private static void awaitListed(PackagedApp app, List<String> expected) {
        Eventually.await("the plugins " + expected, () -> listed(app).equals(expected), () -> listed(app).toString());
    }

    private static List<String> listed(PackagedApp app) {
        try {
            var list = app.command("plugin", "list", "--json");
            assertEquals(0, list.status(), list::output);
            var told = new ArrayList<String>();
            for (JsonNode plugin : InsulaClient.JSON.readTree(list.output()).path("plugins")) {
                told.add(plugin.path("version").asString("?") + " " + plugin.path("state").asString() + " "
                        + plugin.path("runs").asInt());
            }
            return told;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
