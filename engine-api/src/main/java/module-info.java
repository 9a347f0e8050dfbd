/** The engine of one user, as a transport sees it. */
@org.jspecify.annotations.NullMarked
module io.insula.engine.api {
    requires transitive io.insula.agent;
    requires static org.jspecify;
}
