package io.insula.app;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What the process gets from outside; commands reach for nothing else.
 *
 * @param environment the environment variables
 * @param home the folder of the installation, if started from one
 * @param userHome the folder of the person who started the process
 * @param login their name at the operating system
 * @param input what they type
 * @param output where answers go
 * @param errors where everything else goes
 * @param terminals which of the three are a terminal
 * @param clock the time of day
 * @param signals how the process is asked to stop
 */
record Surroundings(
        Map<String, String> environment,
        Optional<Path> home,
        Path userHome,
        String login,
        InputStream input,
        PrintStream output,
        PrintStream errors,
        Terminals terminals,
        InstantSource clock,
        Signals signals) {
    /**
     * Which streams are a terminal, where somebody reads and types.
     *
     * @param input whether somebody types
     * @param output whether somebody reads the answers
     * @param errors whether somebody reads what else is said
     */
    record Terminals(boolean input, boolean output, boolean errors) {}

    /** The folders that hold when nothing is configured. */
    Configuration.Folders folders() {
        var applicationData = environment.getOrDefault("XDG_DATA_HOME", "");
        var data = applicationData.isEmpty() ? userHome.resolve(".local").resolve("share") : Path.of(applicationData);
        return new Configuration.Folders(data.resolve("insula"), home.orElse(Path.of("")).resolve("plugins"));
    }

    /** The file of settings of the installation. */
    Optional<Path> settingsFile() {
        return home.map(folder -> folder.resolve("conf").resolve("insula.properties"));
    }
}
