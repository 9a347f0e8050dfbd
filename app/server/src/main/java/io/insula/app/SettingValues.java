package io.insula.app;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was said about each setting, and where: a file first, then the environment, then the command line, each
 * overriding the one before. Confined to the thread that reads the configuration.
 */
final class SettingValues {
    /** A value and where it stands, for messages. */
    record Value(String text, String origin) {}

    /** Variables of the environment that begin like settings and are something else. */
    static final Set<String> OTHER_VARIABLES =
            Set.of("INSULA_TOKEN", "INSULA_URL", "INSULA_DEBUG", "INSULA_JAVA_OPTIONS", "INSULA_JAVA_MINIMUM");

    private final Map<String, Setting> table;
    private final Map<String, Value> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    SettingValues(List<Setting> settings) {
        this.table = new TreeMap<>();
        settings.forEach(setting -> table.put(setting.key(), setting));
    }

    /** Reads a file of properties in UTF-8. A file that is not there holds nothing, unless it is {@code required}. */
    void readFile(Path file, boolean required) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            if (required) {
                problems.add("There is no configuration file " + file + ".");
            }
            return;
        } catch (CharacterCodingException e) {
            problems.add(file + " is not text in UTF-8.");
            return;
        } catch (IOException e) {
            problems.add(file + " cannot be read (" + e.getMessage() + ").");
            return;
        }
        try (Reader reader = new StringReader(text)) {
            var properties = new SingleProperties();
            properties.load(reader);
            properties.doubled.forEach(key -> problems.add(key + " stands twice in " + file + "."));
            properties.stringPropertyNames().stream().sorted()
                    .forEach(key -> put(key, properties.getProperty(key), file.toString()));
        } catch (IOException | IllegalArgumentException e) {
            problems.add(file + " is not a file of properties (" + e.getMessage() + ").");
        }
    }

    /** Takes the variables that begin with {@code INSULA_}. */
    void readEnvironment(Map<String, String> environment) {
        var byVariable = new TreeMap<String, String>();
        table.values().forEach(setting -> byVariable.put(setting.environmentName(), setting.key()));
        environment.keySet().stream().sorted().filter(name -> name.startsWith(Setting.ENVIRONMENT_PREFIX))
                .filter(name -> !OTHER_VARIABLES.contains(name)).forEach(name -> {
                    var key = byVariable.get(name);
                    if (key == null) {
                        problems.add("There is no setting for the environment variable " + name + "."
                                + Suggestion.sentence(name, byVariable.keySet()));
                    } else {
                        values.put(key, new Value(environment.getOrDefault(name, "").strip(), name));
                    }
                });
    }

    /** Takes one value from the command line. */
    void readFlag(String key, String text, String flag) {
        put(key, text, flag);
    }

    private void put(String key, String text, String origin) {
        if (!table.containsKey(key)) {
            problems.add("There is no setting \"" + key + "\" (in " + origin + ")."
                    + Suggestion.sentence(key, table.keySet()));
            return;
        }
        values.put(key, new Value(text.strip(), origin));
    }

    /** What was said about a setting, if anything. */
    Optional<Value> said(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** What holds for a setting. */
    String text(String key) {
        var setting = table.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return said(key).map(Value::text).orElse(setting.defaultText());
    }

    /** Notes that a value cannot be used. */
    void refuse(String key, String why) {
        var said = said(key);
        problems.add(
                key + " = \"" + text(key) + "\"" + said.map(value -> " (from " + value.origin() + ")").orElse("") + " "
                        + why + ".");
    }

    /** Notes that values cannot be used together. */
    void refuseTogether(String prefix, String why) {
        problems.add("The settings " + prefix + ".* do not fit together: " + why + ".");
    }

    /** What is wrong, in the order it was found. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Properties that notice a key given twice, of which the first would be lost in silence. */
    private static final class SingleProperties extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> doubled = new HashSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (containsKey(key)) {
                doubled.add(key.toString());
            }
            return super.put(key, value);
        }
    }
}
