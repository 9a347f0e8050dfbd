package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingTableTest {
    private static final Path ROOT = Path.of(System.getProperty("reactor.root"));

    @Test
    void everySettingHasAMeaningAndNoMeaningIsLeftOver() {
        var keys = SettingTable.all().stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new));

        assertEquals(keys, new TreeSet<>(SettingTable.meanings().keySet()));
        assertTrue(keys.size() > 40, () -> "only " + keys.size() + " settings");
    }

    @Test
    void noTwoSettingsShareAVariableOfTheEnvironment() {
        var names = SettingTable.all().stream().map(Setting::environmentName).toList();

        assertEquals(names.size(), names.stream().distinct().count());
        assertTrue(SettingValues.OTHER_VARIABLES.stream().noneMatch(names::contains));
    }

    @Test
    void theDocumentationHoldsTheTable() throws IOException {
        var documentation = Files.readString(ROOT.resolve("docs/configuration.md"));

        assertTrue(documentation.contains(SettingTable.asMarkdown()),
                () -> "expected in it:\n" + SettingTable.asMarkdown());
    }

    @Test
    void theFileOfTheDistributionIsTheTable() throws IOException {
        var file = ROOT.resolve("app/distribution/src/distribution/conf/insula.properties");

        assertEquals(SettingTable.asProperties(), Files.readString(file));
    }

    @Test
    void theFileOfTheDistributionWithEveryLineSwitchedOnMeansTheDefaults(
            @org.junit.jupiter.api.io.TempDir Path folder) throws IOException, ConfigurationException {
        var file = Files.writeString(
                folder.resolve("all.properties"), SettingTable.asProperties().replaceAll("(?m)^#(?! )", ""));
        var folders = new Configuration.Folders(folder.resolve("data"), folder.resolve("plugins"));
        var values = new SettingValues(SettingTable.all());
        values.readFile(file, true);

        assertFalse(values.said("http.port").isEmpty());
        assertEquals(defaults(folders), Configuration.of(values, folders));
    }

    @Test
    void noLineOfTheFileIsTooLongToRead() {
        var long120 = SettingTable.asProperties().lines().filter(line -> line.length() > 190).toList();

        assertEquals(List.of(), long120);
    }

    private static Configuration defaults(Configuration.Folders folders) throws ConfigurationException {
        var values = new SettingValues(SettingTable.all());
        values.readEnvironment(Map.of());
        return Configuration.of(values, folders);
    }
}
