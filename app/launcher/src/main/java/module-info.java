/**
 * The boot layer: builds the engine layer out of an installation and starts the application in it.
 *
 * <p>Exports its entry to nobody: the java command starts it by name, and SLF4J alone makes the provider of the log. What
 * is required here and not used is what the engine layer and every plugin layer share, since a layer sees only what the
 * boot layer has resolved.
 */
@org.jspecify.annotations.NullMarked
module io.insula.launcher {
    requires io.insula.agent;
    requires jakarta.inject;
    requires org.slf4j;
    requires org.slf4j.simple;
    requires static org.jspecify;

    exports io.insula.launcher to org.slf4j;
}
