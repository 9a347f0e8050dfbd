package io.insula.app;

import io.insula.agent.UserId;
import io.insula.engine.user.EngineLimits;
import io.insula.plugin.host.PluginGrants;
import io.insula.plugin.host.PluginLimits;
import io.insula.transport.websocket.KeyPlace;
import io.insula.transport.websocket.TlsFiles;
import io.insula.transport.websocket.TokenLimits;
import io.insula.transport.websocket.TokenRules;
import io.insula.transport.websocket.TransportLimits;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What holds for this process, checked as a whole.
 *
 * @param data the folder of what Insula keeps
 * @param plugins the folder of plugins
 * @param grants what single files of plugins may do beyond the rules
 * @param host the address or name to listen at
 * @param port the port to listen at; 0 is any free one
 * @param origins web origins, beside the server's own, whose pages may connect
 * @param hosts values of the Host header, beside the server's own, that are served
 * @param tls what the server proves its name with, if it speaks TLS
 * @param proxies addresses that pass requests of many on
 * @param admin where operators are listened to
 * @param issuer who vouches for the users in tokens
 * @param audience whom tokens are for
 * @param tokens how tokens are checked
 * @param drain how long runs may go on after a stop was asked for
 * @param engine limits of the engine
 * @param transport limits of the transport
 * @param pluginLimits limits of the plugin host
 */
record Configuration(
        Path data,
        Path plugins,
        PluginGrants grants,
        String host,
        int port,
        Set<String> origins,
        Set<String> hosts,
        Optional<TlsFiles> tls,
        Set<InetAddress> proxies,
        Admin admin,
        String issuer,
        String audience,
        Tokens tokens,
        Duration drain,
        EngineLimits engine,
        TransportLimits transport,
        PluginLimits pluginLimits) {
    private static final int PORTS = 65_535;

    /**
     * Where operators are listened to.
     *
     * @param host the address or name to listen at
     * @param port the port to listen at; 0 is any free one
     */
    record Admin(String host, int port) {
        /** The address for clients on this machine. */
        String url(int boundPort) {
            return Configuration.url("http", host, boundPort);
        }
    }

    /**
     * How tokens are checked.
     *
     * @param algorithms by which they may be signed
     * @param foreignKeys where the keys come from; empty if Insula makes the tokens itself
     * @param limits what is bounded
     */
    record Tokens(Set<String> algorithms, Optional<KeyPlace> foreignKeys, TokenLimits limits) {}

    /** Folders to use when no setting names any. */
    record Folders(Path data, Path plugins) {}

    /**
     * Reads all settings.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    static Configuration of(SettingValues values, Folders folders) throws ConfigurationException {
        var configuration = new Configuration(
                folder(SettingTable.DATA_DIR, values, folders.data()),
                folder(SettingTable.PLUGINS_DIR, values, folders.plugins()),
                read(SettingTable.PLUGINS_GRANTS, values, PluginGrants.none(), PluginGrants::of),
                read(SettingTable.HTTP_HOST, values, "127.0.0.1", Configuration::text),
                read(SettingTable.HTTP_PORT, values, 0, Configuration::port),
                read(SettingTable.HTTP_ORIGINS, values, Set.of(), Configuration::origins),
                read(SettingTable.HTTP_HOSTS, values, Set.of(), Configuration::hosts),
                tls(values),
                read(SettingTable.HTTP_PROXIES, values, Set.of(), Configuration::addresses),
                new Admin(
                        read(SettingTable.ADMIN_HOST, values, "127.0.0.1", Configuration::text),
                        read(SettingTable.ADMIN_PORT, values, 0, Configuration::port)),
                read(SettingTable.AUTH_ISSUER, values, "insula", Configuration::issuer),
                read(SettingTable.AUTH_AUDIENCE, values, "insula", Configuration::text),
                tokens(values),
                read(SettingTable.SHUTDOWN_DRAIN, values, Duration.ofSeconds(10), Quantities::time),
                LimitRecords.fill(SettingTable.ENGINE, EngineLimits.defaults(), values),
                LimitRecords.fill(SettingTable.TRANSPORT, TransportLimits.defaults(), values),
                LimitRecords.fill(SettingTable.PLUGINS, PluginLimits.defaults(), values));
        if (!values.problems().isEmpty()) {
            throw new ConfigurationException(values.problems());
        }
        return configuration;
    }

    /** The address for clients on this machine. */
    String url(int boundPort) {
        return url(tls.isPresent() ? "https" : "http", host, boundPort);
    }

    private static String url(String scheme, String host, int boundPort) {
        var everywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        var name = everywhere ? "127.0.0.1" : host;
        var inBrackets = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        return scheme + "://" + inBrackets + ":" + boundPort;
    }

    private static <T> T read(String key, SettingValues values, T otherwise, Function<String, T> reading) {
        try {
            return reading.apply(values.text(key));
        } catch (IllegalArgumentException e) {
            values.refuse(key, String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    private static Path folder(String key, SettingValues values, Path otherwise) {
        return read(key, values, otherwise, text -> path(text, otherwise)).toAbsolutePath().normalize();
    }

    private static Optional<TlsFiles> tls(SettingValues values) {
        var certificate = read(SettingTable.HTTP_TLS_CERTIFICATE, values, Optional.<Path>empty(), Configuration::file);
        var key = read(SettingTable.HTTP_TLS_KEY, values, Optional.<Path>empty(), Configuration::file);
        if (certificate.isPresent() != key.isPresent()) {
            values.refuseTogether("http.tls", "for TLS both the certificate and its key must be given");
        }
        return certificate.flatMap(open -> key.map(secret -> new TlsFiles(open, secret)));
    }

    private static Optional<Path> file(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a file's path", e);
        }
    }

    private static Path path(String text, Path otherwise) {
        try {
            return text.isEmpty() ? otherwise : Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a folder's path", e);
        }
    }

    private static String text(String text) {
        if (text.isBlank() || text.chars().anyMatch(letter -> letter < ' ')) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    private static Tokens tokens(SettingValues values) {
        Optional<KeyPlace> file = read(SettingTable.AUTH_KEYS_FILE, values, Optional.empty(), Configuration::keyFile);
        Optional<KeyPlace> url = read(SettingTable.AUTH_KEYS_URL, values, Optional.empty(), Configuration::keyAddress);
        if (file.isPresent() && url.isPresent()) {
            values.refuse(SettingTable.AUTH_KEYS_URL,
                    "must be empty when " + SettingTable.AUTH_KEYS_FILE + " is given");
        }
        var foreign = file.or(() -> url);
        if (foreign.isPresent() && values.said(SettingTable.AUTH_ISSUER).isEmpty()) {
            values.refuse(SettingTable.AUTH_ISSUER,
                    "must be given with keys of somebody else: it is their tokens' iss");
        }
        var algorithms = read(
                SettingTable.AUTH_ALGORITHMS, values, TokenRules.DEFAULT_ALGORITHMS, Configuration::algorithms);
        if (foreign.isEmpty() && !algorithms.containsAll(TokenRules.DEFAULT_ALGORITHMS)) {
            values.refuse(SettingTable.AUTH_ALGORITHMS, "must hold ES256, by which Insula signs its own tokens");
        }
        return new Tokens(
                algorithms, foreign, LimitRecords.fill(SettingTable.AUTH, TokenLimits.defaults(), values));
    }

    private static Optional<KeyPlace> keyFile(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(new KeyPlace.File(Path.of(text).toAbsolutePath()));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a file's path", e);
        }
    }

    private static Optional<KeyPlace> keyAddress(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(new KeyPlace.Address(new URI(text)));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be an address such as https://login.example.com/keys", e);
        }
    }

    private static Set<String> algorithms(String text) {
        return TokenRules.checkedAlgorithms(list(text, "[A-Z0-9]+", "must be algorithms, separated by commas"));
    }

    private static String issuer(String text) {
        return new UserId(text, "subject").issuer();
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > PORTS) {
            throw new IllegalArgumentException("must be a number from 0 to " + PORTS);
        }
        return Integer.parseInt(text);
    }

    private static Set<String> origins(String text) {
        return list(
                text,
                "https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?",
                "must be origins such as https://app.example.com, separated by commas");
    }

    private static Set<String> hosts(String text) {
        return list(
                text,
                "([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?",
                "must be hosts such as app.example.com or app.example.com:8443, separated by commas");
    }

    private static Set<InetAddress> addresses(String text) {
        var addresses = new LinkedHashSet<InetAddress>();
        // Written as numbers: a name could come to mean somebody else.
        list(text, "[0-9A-Fa-f.:]+", "must be addresses such as 10.0.0.7 or fd00::7, separated by commas")
                .forEach(address -> addresses.add(InetAddress.ofLiteral(address)));
        return Set.copyOf(addresses);
    }

    private static Set<String> list(String text, String form, String otherwise) {
        var elements = new LinkedHashSet<String>();
        Arrays.stream(text.split(",")).map(String::strip).filter(element -> !element.isEmpty()).forEach(element -> {
            if (!element.matches(form)) {
                throw new IllegalArgumentException(otherwise);
            }
            elements.add(element);
        });
        return Set.copyOf(elements);
    }
}
