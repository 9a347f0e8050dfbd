/** Answers where the money for language models goes, from a usage log. */
@org.jspecify.annotations.NullMarked
module io.insula.cost.advisor {
    requires io.insula.agent;
    requires static pf4j;
    requires static org.jspecify;
}
