package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.engine.user.EngineLimits;
import io.insula.transport.websocket.KeyPlace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final Configuration.Folders FOLDERS =
            new Configuration.Folders(Path.of("/data/insula"), Path.of("/opt/insula/plugins"));

    @TempDir
    Path folder;

    private final SettingValues values = new SettingValues(SettingTable.all());

    @Test
    void nothingSaidMeansTheDefaults() throws ConfigurationException {
        var configuration = Configuration.of(values, FOLDERS);

        assertEquals(FOLDERS.data(), configuration.data());
        assertEquals("127.0.0.1", configuration.host());
        assertEquals(8080, configuration.port());
        assertEquals(new Configuration.Admin("127.0.0.1", 8081), configuration.admin());
        assertEquals(Duration.ofSeconds(10), configuration.drain());
        assertEquals(EngineLimits.defaults(), configuration.engine());
    }

    @Test
    void theEnvironmentOverridesTheFileAndAFlagOverridesBoth() throws ConfigurationException, IOException {
        values.readFile(file("http.port=1\nauth.issuer=file\nhttp.host=::1\n"), true);
        values.readEnvironment(Map.of("INSULA_HTTP_PORT", "2", "INSULA_AUTH_ISSUER", "environment", "HOME", "/home"));
        values.readFlag("http.port", "3", "--http-port");

        var configuration = Configuration.of(values, FOLDERS);

        assertEquals(3, configuration.port());
        assertEquals("environment", configuration.issuer());
        assertEquals("::1", configuration.host());
    }

    @Test
    void everyProblemIsToldAtOnceAndNamesItsPlace() throws IOException {
        var file = file("http.prot=80\nengine.user.runs-at-once=0\n");
        values.readFile(file, true);
        values.readEnvironment(Map.of("INSULA_HTTP_PRT", "80"));
        values.readFlag("shutdown.drain", "10", "--set");

        var problem = assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));

        assertEquals(
                "There is no setting \"http.prot\" (in " + file + "). Did you mean \"http.port\"?\n"
                        + "There is no setting for the environment variable INSULA_HTTP_PRT."
                        + " Did you mean \"INSULA_HTTP_PORT\"?\n"
                        + "shutdown.drain = \"10\" (from --set) must be a time such as 500 ms, 10 s, 5 min, 2 h or 30 d.\n"
                        + "engine.user.runs-at-once = \"0\" (from " + file + ") must be a whole number of 1 or more.",
                problem.getMessage());
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() throws IOException {
        values.readFile(file("http.port=1\nhttp.port=2\n"), true);

        assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));
    }

    @Test
    void aFileThatWasNamedMustBeThere() {
        values.readFile(folder.resolve("none"), true);

        assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));
    }

    @Test
    void variablesOfTheClientAreNoSettings() throws ConfigurationException {
        values.readEnvironment(
                Map.of("INSULA_TOKEN", "t", "INSULA_URL", "u", "INSULA_DEBUG", "1", "INSULA_JAVA_OPTIONS", ""));

        assertEquals(8080, Configuration.of(values, FOLDERS).port());
    }

    @ParameterizedTest
    @CsvSource({"0", "65535"})
    void portsWithinTheLimitsAreTaken(String port) throws ConfigurationException {
        values.readFlag("http.port", port, "--http-port");

        assertEquals(Integer.parseInt(port), Configuration.of(values, FOLDERS).port());
    }

    @ParameterizedTest
    @CsvSource({
            "http.port, 65536",
            "http.port, -1",
            "http.port, ''",
            "http.host, ''",
            "admin.port, 65536",
            "admin.host, ''",
            "http.origins, https://a.example/path",
            "http.origins, *",
            "auth.issuer, ' '",
            "auth.keys.file, /keys",
            "auth.keys.url, https://login.example/keys",
            "auth.algorithms, HS256",
            "auth.algorithms, RS256",
            "auth.algorithms, ''",
            "auth.clock-skew, 601 s",
            "auth.keys.outage, 5 min",
            "auth.keys.most-keys, 0",
            "engine.user.runs-at-once, 2147483648",
            "engine.user.runs-at-once, 1.5",
            "engine.user.input-bytes, 4 GiB",
            "engine.user.input-bytes, 4 TiB",
            "engine.user.input-bytes, 0",
            "engine.user.events-age, 0 s",
            "engine.user.events-age, 1 y",
            "engine.platform.journal-bytes, 99999999999999999 GiB",
    })
    void valuesBeyondTheirLimitsAreRefused(String key, String value) {
        values.readFlag(key, value, "--set");

        assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));
    }

    @Test
    void limitsReachTheComponentOfTheirName() throws ConfigurationException {
        values.readFlag("engine.user.queued-runs", "7", "--set");
        values.readFlag("engine.user.attachments-bytes", "1 GiB", "--set");
        values.readFlag("engine.run.deadline", "90 s", "--set");

        var limits = Configuration.of(values, FOLDERS).engine();

        assertEquals(7, limits.user().queuedRuns());
        assertEquals(1L << 30, limits.user().attachmentsBytes());
        assertEquals(Duration.ofSeconds(90), limits.run().deadline());
        assertEquals(EngineLimits.defaults().user().runsAtOnce(), limits.user().runsAtOnce());
    }

    @Test
    void keysComeFromOnePlace() throws ConfigurationException {
        values.readFlag("auth.issuer", "https://login.example", "--set");
        values.readFlag("auth.keys.url", "https://login.example/keys", "--set");
        values.readFlag("auth.algorithms", "RS256, PS256", "--set");
        values.readFlag("auth.keys.outage", "2 h", "--set");

        var tokens = Configuration.of(values, FOLDERS).tokens();

        assertEquals(
                Optional.of(new KeyPlace.Address(URI.create("https://login.example/keys"))), tokens.foreignKeys());
        assertEquals(Set.of("RS256", "PS256"), tokens.algorithms());
        assertEquals(Duration.ofHours(2), tokens.limits().keys().outage());

        values.readFlag("auth.keys.file", "/keys.json", "--set");
        assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));
    }

    @ParameterizedTest
    @CsvSource({"http://login.example/keys", "https://u:p@login.example/keys", "login.example", "'https:// x'"})
    void anAddressThatOthersCouldAnswerGivesNoKeys(String address) {
        values.readFlag("auth.issuer", "https://login.example", "--set");
        values.readFlag("auth.keys.url", address, "--set");

        assertThrows(ConfigurationException.class, () -> Configuration.of(values, FOLDERS));
    }

    @Test
    void originsAreAList() throws ConfigurationException {
        values.readFlag("http.origins", "https://a.example, http://[::1]:3000", "--set");

        assertEquals(
                Set.of("https://a.example", "http://[::1]:3000"), Configuration.of(values, FOLDERS).origins());
    }

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1, http://127.0.0.1:9",
            "0.0.0.0, http://127.0.0.1:9",
            "::1, http://[::1]:9",
            "localhost, http://localhost:9",
    })
    void theAddressForClientsFitsTheHost(String host, String url) throws ConfigurationException {
        values.readFlag("http.host", host, "--set");

        assertEquals(url, Configuration.of(values, FOLDERS).url(9));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("insula.properties"), content);
    }
}
