/** What an engine and the host of plugins say to each other about agents. */
@org.jspecify.annotations.NullMarked
module io.insula.agent.hosting {
    requires transitive io.insula.agent;
    requires static org.jspecify;
}
