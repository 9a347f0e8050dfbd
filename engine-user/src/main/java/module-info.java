/**
 * The one implementation of {@link io.insula.engine.api.UserExecutionEngine}: a user's room, the life cycle of runs,
 * and the journal.
 *
 * <p>Written for {@code io.insula.app}, which composes it by its Guice module. Nothing else can name a class in here.
 */
@SuppressWarnings("module") // the application is built after it
@org.jspecify.annotations.NullMarked
module io.insula.engine.user {
    requires static org.jspecify;
    requires transitive com.google.guice;
    requires com.google.common;
    requires transitive io.insula.agent.hosting;
    requires transitive io.insula.engine.api;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.insula.engine.user to
            io.insula.app;
}
