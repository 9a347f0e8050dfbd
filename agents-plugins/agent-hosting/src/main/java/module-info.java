/**
 * What the engine and the plugin host say to each other: which agents there are, and how to make one.
 *
 * <p>Written for {@code io.insula.engine.user}, which calls it, and {@code io.insula.plugin.host}, which implements it.
 * It lives in the engine layer, where neither plugins nor the boot layer see it; the transport does not read it, so no
 * transport can come by an agent.
 */
@SuppressWarnings("module") // the modules it is exported to are built after it
@org.jspecify.annotations.NullMarked
module io.insula.agent.hosting {
    requires static transitive org.jspecify;
    requires transitive io.insula.agent;

    exports io.insula.agent.hosting to
            io.insula.app,
            io.insula.engine.user,
            io.insula.plugin.host;
}
