/** A plugin that keeps a user's notes. Nothing is exported: the platform opens the plugin to itself. */
@org.jspecify.annotations.NullMarked
module com.example.notes {
    requires io.insula.agent;
    requires static pf4j;
    requires static org.jspecify;
}
