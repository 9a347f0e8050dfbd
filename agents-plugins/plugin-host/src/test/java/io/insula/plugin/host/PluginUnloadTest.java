package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that is replaced again and again, used each time: what it leaves behind is nothing. */
final class PluginUnloadTest {
    private static final int SWAPS = Integer.getInteger("insula.swaps", 100);
    /** What the JDK makes of its own once in a while, such as accessors for reflection. */
    private static final int MOST_CLASSES = 100;
    private static final long MOST_METASPACE_BYTES = 4L << 20;

    @TempDir
    Path root;

    @Test
    void loading_and_unloading_leaves_nothing_behind() throws Exception {
        var folder = new PluginFolder(root);
        folder.put("tools.jar", plugin(0));
        try (var host = folder.start()) {
            host.beforeUnload(loader -> {});
            var loaders = new ArrayList<WeakReference<ClassLoader>>();
            for (var i = 1; i <= 10; i++) {
                loaders.add(useAndReplace(folder, host, i));
            }
            awaitCollected(loaders);
            var classes = loadedClasses();
            var metaspace = metaspaceBytes();

            for (var i = 11; i <= 10 + SWAPS; i++) {
                loaders.add(useAndReplace(folder, host, i));
            }
            awaitCollected(loaders);
            var seen =
                    "swaps=" + SWAPS + " classes=" + classes + "->" + loadedClasses() + " metaspace-bytes=" + metaspace
                            + "->" + metaspaceBytes();
            System.out.println(seen);
            assertTrue(loadedClasses() - classes < MOST_CLASSES, seen);
            assertTrue(metaspaceBytes() - metaspace < MOST_METASPACE_BYTES, seen);
            assertEquals(1, folder.copies().size());
            assertEquals(List.of("tools.jar tools 1.0." + (10 + SWAPS) + " STARTED"), PluginFolder.told(host));
        }
    }

    private static WeakReference<ClassLoader> useAndReplace(PluginFolder folder, PluginHost host, int number)
            throws Exception {
        try (var lease = host.lease("user").orElseThrow()) {
            folder.put("tools.jar", plugin(number));
            PluginFolder.settle(host);
            var tool = lease.tool("count-words").orElseThrow();
            assertEquals("{\"text\":\"a b\"}",
                    lease.records().encode(lease.records().decode("{\"text\":\"a b\"}", tool.inputType())));
            assertEquals(tool.description(), lease.tool(tool.newTool().getClass()).orElseThrow().description());
            lease.newAgent();
            return new WeakReference<>(lease.loader());
        }
    }

    private static PluginSource plugin(int number) {
        return PluginSource.of("tools", "demo.tools").manifest("Plugin-Version", "1.0." + number)
                .agent("demo.tools.UserAgent", "user", "return AgentResult.done();")
                .extension("demo.tools.Words", """
                        @ToolInfo(name = "count-words", summary = "Counts words", effect = Effect.READS)
                        final class Words implements Tool<Words.In, Words.Out> {
                            record In(@Describe(value = "what to count", maximumLength = 100) String text) {}
                            record Out(int words) {}
                            @Override public Out call(In input, ToolContext context) {
                                return new Out((int) List.of(input.text().split(" ")).stream().filter(x -> true).count());
                            }
                        }
                        """);
    }

    private static void awaitCollected(List<WeakReference<ClassLoader>> loaders) {
        Await.until("all old class loaders are collected", () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.refersTo(null));
        });
    }

    // By reflection: the module under test does not read the one that tells, and is not to.

    private static int loadedClasses() throws ReflectiveOperationException {
        return (int) ask("ClassLoadingMXBean", "getLoadedClassCount", beans("getClassLoadingMXBean"));
    }

    private static long metaspaceBytes() throws ReflectiveOperationException {
        var sum = 0L;
        for (var pool : (List<?>) beans("getMemoryPoolMXBeans")) {
            if (ask("MemoryPoolMXBean", "getName", pool).equals("Metaspace")) {
                sum += (long) ask("MemoryUsage", "getUsed", ask("MemoryPoolMXBean", "getUsage", pool));
            }
        }
        return sum;
    }

    private static Object beans(String which) throws ReflectiveOperationException {
        return Class.forName("java.lang.management.ManagementFactory").getMethod(which).invoke(null);
    }

    private static Object ask(String type, String what, Object bean) throws ReflectiveOperationException {
        return Class.forName("java.lang.management." + type).getMethod(what).invoke(bean);
    }
}
