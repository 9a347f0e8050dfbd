/**
 * What a transport may do for a user: {@link io.insula.engine.api.UserExecutionEngine}, and the values in its
 * signatures. Nothing here starts an agent, and nothing here takes a user's name: a transport gets a user's engine from
 * {@link io.insula.engine.api.UserExecutionEngine.Directory} once, and holds it.
 */
@org.jspecify.annotations.NullMarked
module io.insula.engine.api {
    requires static transitive org.jspecify;
    requires transitive io.insula.agent;

    exports io.insula.engine.api;
}
