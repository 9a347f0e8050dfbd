/** The smallest honest plugin. */
@org.jspecify.annotations.NullMarked
module io.insula.hello {
    requires io.insula.agent;
    requires static pf4j;
    requires static org.jspecify;
}
