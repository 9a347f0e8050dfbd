/** The one implementation of the engine of a user. */
@org.jspecify.annotations.NullMarked
module io.insula.engine.user {
    requires io.insula.engine.api;
    requires io.insula.agent.hosting;
    requires com.google.guice;
    requires com.google.common;
    requires jakarta.inject;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;
}
