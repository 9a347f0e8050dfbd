package io.insula.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags by which every command that reads the configuration lets it be changed. */
final class CommandFlags {
    private static final String CONFIG = "--config";
    private static final String SET = "--set";
    private static final String DATA_DIRECTORY = "--data-dir";
    private static final String PORT = "--http-port";

    private CommandFlags() {}

    static void addTo(CommandSpec command) {
        command.addOption(OptionSpec.builder(CONFIG).paramLabel("FILE").type(String.class)
                .description("Read settings from this file instead of conf/insula.properties.").build());
        command.addOption(OptionSpec.builder(SET).paramLabel("KEY=VALUE").type(List.class).auxiliaryTypes(String.class)
                .arity("1").description("Set one setting; can be repeated.").build());
        command.addOption(OptionSpec.builder(DATA_DIRECTORY).paramLabel("FOLDER").type(String.class)
                .description("The folder of what Insula keeps (data.dir).").build());
        command.addOption(OptionSpec.builder(PORT).paramLabel("PORT").type(String.class)
                .description("The port of the server (http.port).").build());
    }

    /** Reads the configuration as it holds for a command. */
    static Configuration configuration(Surroundings surroundings, ParseResult flags) throws ConfigurationException {
        var values = new SettingValues(SettingTable.all());
        String named = flags.matchedOptionValue(CONFIG, "");
        if (named.isEmpty()) {
            surroundings.settingsFile().ifPresent(file -> values.readFile(file, false));
        } else {
            readNamed(named, values);
        }
        values.readEnvironment(surroundings.environment());
        List<String> settings = flags.matchedOptionValue(SET, List.of());
        for (var setting : settings) {
            var equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ConfigurationException(List.of(SET + " " + PrintableText.line(setting, 200)
                        + " has no value. Write " + SET + " KEY=VALUE."));
            }
            values.readFlag(setting.substring(0, equals).strip(), setting.substring(equals + 1), SET);
        }
        if (flags.hasMatchedOption(DATA_DIRECTORY)) {
            values.readFlag(SettingTable.DATA_DIR, flags.matchedOptionValue(DATA_DIRECTORY, ""), DATA_DIRECTORY);
        }
        if (flags.hasMatchedOption(PORT)) {
            values.readFlag(SettingTable.HTTP_PORT, flags.matchedOptionValue(PORT, ""), PORT);
        }
        return Configuration.of(values, surroundings.folders());
    }

    private static void readNamed(String name, SettingValues values) throws ConfigurationException {
        try {
            values.readFile(Path.of(name), true);
        } catch (InvalidPathException e) {
            throw new ConfigurationException(List.of(PrintableText.line(name, 200) + " is not a file's path."));
        }
    }
}
