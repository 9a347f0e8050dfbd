/** The boot layer: builds the engine layer out of the installation and starts the application in it. */
@org.jspecify.annotations.NullMarked
module io.insula.launcher {
    requires io.insula.agent;
    requires jakarta.inject;
    requires org.slf4j;
    requires static org.jspecify;
}
