/** Agents that act out the scenarios of the end-to-end tests. */
@org.jspecify.annotations.NullMarked
module io.insula.scenario {
    requires io.insula.agent;
    requires static pf4j;
    requires static org.jspecify;
}
