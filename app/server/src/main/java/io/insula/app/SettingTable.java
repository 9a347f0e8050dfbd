package io.insula.app;

import static io.insula.app.Setting.Kind.FILE;
import static io.insula.app.Setting.Kind.FOLDER;
import static io.insula.app.Setting.Kind.LIST;
import static io.insula.app.Setting.Kind.PORT;
import static io.insula.app.Setting.Kind.TEXT;
import static io.insula.app.Setting.Kind.TIME;

import io.insula.engine.user.EngineLimits;
import io.insula.plugin.host.PluginLimits;
import io.insula.transport.websocket.TokenLimits;
import io.insula.transport.websocket.TransportLimits;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Every setting there is, in the order of the documentation. */
final class SettingTable {
    static final String HTTP_HOST = "http.host";
    static final String HTTP_PORT = "http.port";
    static final String HTTP_ORIGINS = "http.origins";
    static final String HTTP_HOSTS = "http.hosts";
    static final String HTTP_TLS_CERTIFICATE = "http.tls.certificate";
    static final String HTTP_TLS_KEY = "http.tls.key";
    static final String HTTP_PROXIES = "http.proxies";
    static final String ADMIN_HOST = "admin.host";
    static final String ADMIN_PORT = "admin.port";
    static final String DATA_DIR = "data.dir";
    static final String PLUGINS_DIR = "plugins.dir";
    static final String PLUGINS_GRANTS = "plugins.grants";
    static final String AUTH_ISSUER = "auth.issuer";
    static final String AUTH_AUDIENCE = "auth.audience";
    static final String AUTH_ALGORITHMS = "auth.algorithms";
    static final String AUTH_KEYS_FILE = "auth.keys.file";
    static final String AUTH_KEYS_URL = "auth.keys.url";
    static final String SHUTDOWN_DRAIN = "shutdown.drain";

    static final String AUTH = "auth";
    static final String ENGINE = "engine";
    static final String TRANSPORT = "transport";
    static final String PLUGINS = "plugins";

    private static final String MEANINGS = "meanings.properties";

    private SettingTable() {}

    /** All settings. */
    static List<Setting> all() {
        var meanings = meanings();
        var settings = new ArrayList<Setting>();
        settings.add(setting(HTTP_HOST, TEXT, "127.0.0.1", meanings));
        settings.add(setting(HTTP_PORT, PORT, "8080", meanings));
        settings.add(setting(HTTP_ORIGINS, LIST, "", meanings));
        settings.add(setting(HTTP_HOSTS, LIST, "", meanings));
        settings.add(setting(HTTP_TLS_CERTIFICATE, FILE, "", meanings));
        settings.add(setting(HTTP_TLS_KEY, FILE, "", meanings));
        settings.add(setting(HTTP_PROXIES, LIST, "", meanings));
        settings.add(setting(ADMIN_HOST, TEXT, "127.0.0.1", meanings));
        settings.add(setting(ADMIN_PORT, PORT, "8081", meanings));
        settings.add(setting(DATA_DIR, FOLDER, "", meanings));
        settings.add(setting(PLUGINS_DIR, FOLDER, "", meanings));
        settings.add(setting(PLUGINS_GRANTS, LIST, "", meanings));
        settings.add(setting(AUTH_ISSUER, TEXT, "insula", meanings));
        settings.add(setting(AUTH_AUDIENCE, TEXT, "insula", meanings));
        settings.add(setting(AUTH_ALGORITHMS, LIST, "ES256", meanings));
        settings.add(setting(AUTH_KEYS_FILE, TEXT, "", meanings));
        settings.add(setting(AUTH_KEYS_URL, TEXT, "", meanings));
        settings.addAll(LimitRecords.settings(AUTH, TokenLimits.defaults(), meanings));
        settings.add(setting(SHUTDOWN_DRAIN, TIME, "10 s", meanings));
        settings.addAll(LimitRecords.settings(ENGINE, EngineLimits.defaults(), meanings));
        settings.addAll(LimitRecords.settings(TRANSPORT, TransportLimits.defaults(), meanings));
        settings.addAll(LimitRecords.settings(PLUGINS, PluginLimits.defaults(), meanings));
        return List.copyOf(settings);
    }

    /** What each key does, in words. */
    static Map<String, String> meanings() {
        try (var stream = SettingTable.class.getResourceAsStream(MEANINGS)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + MEANINGS + " is missing");
            }
            var properties = new Properties();
            properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
            var meanings = new HashMap<String, String>();
            properties.stringPropertyNames().forEach(key -> meanings.put(key, properties.getProperty(key, "")));
            return Map.copyOf(meanings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of settings that a distribution ships: every setting, switched off. */
    static String asProperties() {
        var text = new StringBuilder("""
                # Settings of this installation. A line holds when the # before it is taken away; what stands there is the default.
                # The environment (INSULA_HTTP_PORT for http.port) overrides this file, and the command line
                # (--set http.port=8081) overrides both.
                """);
        for (var setting : all()) {
            text.append("\n# ").append(setting.meaning()).append("\n#").append(setting.key()).append('=')
                    .append(setting.defaultText()).append('\n');
        }
        return text.toString();
    }

    /** The table of settings in the documentation, in Markdown. */
    static String asMarkdown() {
        var text = new StringBuilder("| key | default | unit | meaning |\n|---|---|---|---|\n");
        for (var setting : all()) {
            text.append("| `").append(setting.key()).append("` | ").append(setting.defaultText()).append(" | ")
                    .append(setting.kind().word()).append(" | ").append(setting.meaning()).append(" |\n");
        }
        return text.toString();
    }

    private static Setting setting(String key, Setting.Kind kind, String defaultText, Map<String, String> meanings) {
        return new Setting(key, kind, defaultText, meanings.getOrDefault(key, ""));
    }
}
