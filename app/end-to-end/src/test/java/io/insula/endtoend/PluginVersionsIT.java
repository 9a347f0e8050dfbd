package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertCancelled;
import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait while their plugin is replaced, and libraries of which plugins have versions of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginVersionsIT {
    private Installation installation;
    private PluginWorkshop workshop;
    private PackagedApp app;
    private ServedPlugins served;

    /** A run that has asked its user, and waits. */
    private record Waiting(String run, String thread, String question) {}

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.putAll(PackagedApp.ATTACHABLE);
        environment.put("INSULA_ENGINE_RUN_SUSPEND_AFTER", "300 ms");
        environment.put("INSULA_ENGINE_RUN_AGENT_WAIT", "2 s");
        installation = Installation.withPlugins(folder, List.of());
        workshop = new PluginWorkshop(installation, Files.createDirectory(folder.resolve("workshop")));
        app = PackagedApp.start(installation, environment);
        served = new ServedPlugins(app);
    }

    @AfterAll
    void stop() {
        app.close();
    }

    private SmallPlugin plugin(String name) {
        return new SmallPlugin(installation, workshop, name);
    }

    private static Waiting ask(InsulaClient user, String agent) {
        var started = user.start(agent, "wait");
        return new Waiting(started.run(), started.thread(), user.awaitQuestion(started.run()));
    }

    private static void answer(InsulaClient user, Waiting waiting) {
        user.succeed(user.answer(waiting.run(), waiting.question()).put("answer", "yes"));
    }

    /** A run that began with the first version of a plugin, and has given its thread and its version back. */
    private Waiting park(InsulaClient user, SmallPlugin plugin, String name) throws IOException {
        plugin.put(plugin.resumable("1.0.0"));
        served.await(name, name + " 1.0.0 running 0");
        var waiting = ask(user, name);
        served.await(name, name + " 1.0.0 running 0");
        return waiting;
    }

    private void assertGoesOn(InsulaClient user, String agent, String thread) {
        var next = user.start(agent, "", thread);
        assertSuccess(user.awaitEnd(next.run()));
        assertEquals("version 2.0.0", user.said(next.run()));
    }

    @Test
    void aParkedRunGoesOnInANewVersionThatDeclaresItselfCompatible() throws Exception {
        var plugin = plugin("fits");
        try (var user = app.user("fits")) {
            var parked = park(user, plugin, "fits");
            plugin.put(plugin.resumable("2.0.0", "0.9.0", "1.0.0"));
            served.await("fits", "fits 2.0.0 running 0");
            served.awaitLoaders("fits", 1);

            answer(user, parked);
            assertSuccess(user.awaitEnd(parked.run()));
            assertEquals("version 2.0.0", user.said(parked.run()));
            assertEndedOnce(user, parked.run(), "completed");
        }
    }

    @Test
    void aParkedRunEndsAsInterruptedWhenItsNewVersionIsNotCompatible() throws Exception {
        var plugin = plugin("differs");
        try (var user = app.user("differs")) {
            var parked = park(user, plugin, "differs");
            plugin.put(plugin.resumable("2.0.0", "0.9.0"));
            served.await("differs", "differs 2.0.0 running 0");
            served.awaitLoaders("differs", 1);

            answer(user, parked);
            assertEquals("interrupted", Runs.error(user, parked.run()));
            assertEquals("", user.said(parked.run()));
            assertEndedOnce(user, parked.run(), "failed");
            assertGoesOn(user, "differs", parked.thread());
        }
    }

    @Test
    void aParkedRunHoldsNothingOfARemovedPluginAndEndsAsOfAnUnknownAgent() throws Exception {
        var plugin = plugin("goes");
        try (var user = app.user("goes")) {
            var parked = park(user, plugin, "goes");
            var other = ask(user, "goes");
            served.await("goes", "goes 1.0.0 running 0");
            Files.delete(plugin.file());
            served.await("goes");
            served.awaitLoaders("goes", 0);

            answer(user, parked);
            assertEquals("agent-unknown", Runs.error(user, parked.run()));
            assertEndedOnce(user, parked.run(), "failed");
            user.cancel(other.run());
            assertCancelled(user.awaitEnd(other.run()));
            assertEndedOnce(user, other.run(), "cancelled");
        }
    }

    @Test
    void aParkedRunGoesOnWhenItsPluginIsBackInTheSameVersion() throws Exception {
        var plugin = plugin("back");
        try (var user = app.user("back")) {
            var parked = park(user, plugin, "back");
            Files.delete(plugin.file());
            served.await("back");
            plugin.put(plugin.resumable("1.0.0"));
            served.await("back", "back 1.0.0 running 0");

            answer(user, parked);
            assertSuccess(user.awaitEnd(parked.run()));
            assertEquals("version 1.0.0", user.said(parked.run()));
        }
    }

    @Test
    void aWaitingRunThatCannotBeResumedKeepsItsVersionUntilItIsAnswered() throws Exception {
        var plugin = plugin("keeps");
        try (var user = app.user("keeps")) {
            plugin.put(plugin.jar("1.0.0"));
            served.await("keeps", "keeps 1.0.0 running 0");
            var waiting = ask(user, "keeps");
            // It began to wait later, so that the other one would have given up its thread as well.
            park(user, plugin("clock"), "clock");
            plugin.put(plugin.resumable("2.0.0", "1.0.0"));
            served.await("keeps", "keeps 2.0.0 running 0", "keeps 1.0.0 finishing 1");
            assertGoesOn(user, "keeps", "another");

            answer(user, waiting);
            assertSuccess(user.awaitEnd(waiting.run()));
            assertEquals("version 1.0.0", user.said(waiting.run()));
            served.await("keeps", "keeps 2.0.0 running 0");
            served.awaitLoaders("keeps", 1);
        }
    }

    @Test
    void twoPluginsEachUseTheirOwnVersionOfOneLibrary() throws Exception {
        putWithLibrary("one", "1.0.0", "public static String words() { return \"the first\"; }", "Words.words()");
        putWithLibrary("two", "2.0.0",
                "public static String words(int count) { return \"the second, \" + count; }", "Words.words(2)");
        served.await("one", "one 1.0.0 running 0");
        served.await("two", "two 1.0.0 running 0");

        try (var user = app.user("libraries")) {
            for (var expected : Map.of("one", "the first", "two", "the second, 2").entrySet()) {
                var started = user.start(expected.getKey(), "");
                assertSuccess(user.awaitEnd(started.run()));
                assertEquals(expected.getValue(), user.said(started.run()));
            }
        }
    }

    private void putWithLibrary(String name, String version, String method, String call) throws IOException {
        var library = workshop.jar("demo.library-" + version + ".jar", new PluginWorkshop.Module(Map.of(
                "module-info.java", "module demo.library { exports demo.library; }",
                "Words.java", "package demo.library; public final class Words { private Words() {} " + method + " }"),
                Map.of(), List.of()));
        var jar = workshop.jar(name + ".jar", PluginWorkshop.Module.plugin(name, "1.0.0",
                "module demo." + name + " { requires io.insula.agent; requires demo.library; }", """
                        package demo.%1$s;

                        import demo.library.Words;
                        import io.insula.agent.*;

                        @AgentInfo(name = "%1$s", summary = "Says what its library says")
                        public final class TheAgent implements Agent {
                            @Override
                            public AgentResult run(AgentContext context) {
                                context.say(%2$s);
                                return AgentResult.done();
                            }
                        }
                        """.formatted(name, call)), library);
        Files.move(workshop.zip(name + ".zip", jar, library), installation.plugins().resolve(name + ".zip"));
    }
}
