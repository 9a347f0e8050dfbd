package io.insula.launcher;

import java.util.Map;
import java.util.Properties;

/** How loud the log is unless the command line of the java process says otherwise. */
final class LogDefaults {
    // SLF4J's simple provider looks for its file through the context class loader, which is the engine layer's: only
    // system properties reach it from here.
    private static final String PREFIX = "org.slf4j.simpleLogger.";
    private static final Map<String, String> SETTINGS = Map.of(
            PREFIX + "logFile", "System.err",
            PREFIX + "defaultLogLevel", "warn",
            PREFIX + "log.io.insula", "info",
            PREFIX + "showDateTime", "true",
            PREFIX + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            PREFIX + "showThreadName", "false",
            "slf4j.provider", "io.insula.launcher.LogProvider",
            // Otherwise each start says on the error stream which provider it takes.
            "slf4j.internal.verbosity", "WARN");

    private LogDefaults() {}

    static void apply(Properties properties) {
        SETTINGS.forEach(properties::putIfAbsent);
    }
}
