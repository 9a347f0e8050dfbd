/**
 * The rules that a plugin keeps, and the scanner that finds where it does not.
 *
 * <p>Written for two readers: the plugin host, which refuses what breaks a rule before any code of it runs, and authors
 * of plugins, who call {@link io.insula.agent.rules.PluginAssertions} in a test of theirs. Reads class files and loads
 * none of them.
 */
@org.jspecify.annotations.NullMarked
module io.insula.agent.rules {
    requires static com.tngtech.archunit;
    requires static org.jspecify;

    exports io.insula.agent.rules;
}
