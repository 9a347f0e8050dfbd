package io.insula.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A distribution unpacked for one test class, with folders of its own for plugins, settings and data.
 */
record Installation(Path home, Path data) {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("insula.distribution"));
    private static final Path SCENARIO = Path.of(System.getProperty("insula.scenario.plugin"));

    /** With the plugins of the distribution and the agents of the tests. */
    static Installation withScenarios(Path folder) throws IOException {
        var installation = withPlugins(folder, List.of("hello", "cost-advisor"));
        Files.copy(SCENARIO, installation.plugins().resolve(SCENARIO.getFileName()));
        return installation;
    }

    /** With those plugins of the distribution whose jars are of these names. */
    static Installation withPlugins(Path folder, List<String> names) throws IOException {
        var home = Files.createDirectories(folder.resolve("insula"));
        for (String part : List.of("bin", "conf", "lib/boot", "lib/engine")) {
            copy(DISTRIBUTION.resolve(part), home.resolve(part));
        }
        var installation = new Installation(home, folder.resolve("data"));
        Files.createDirectories(installation.plugins());
        for (String name : names) {
            installation.addPlugin(name);
        }
        return installation;
    }

    Path plugins() {
        return home.resolve("plugins");
    }

    Path program() {
        return home.resolve("bin", "insula");
    }

    /** Drops a jar of the distribution into the plugins folder. */
    void addPlugin(String name) throws IOException {
        try (var jars = Files.newDirectoryStream(DISTRIBUTION.resolve("plugins"), "insula-" + name + "-*.jar")) {
            for (var jar : jars) {
                Files.copy(jar, plugins().resolve(jar.getFileName()));
                return;
            }
        }
        throw new AssertionError("the distribution has no plugin " + name);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
