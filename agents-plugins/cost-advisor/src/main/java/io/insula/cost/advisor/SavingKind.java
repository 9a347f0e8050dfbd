package io.insula.cost.advisor;

/** The ways to save that the advisor knows. */
enum SavingKind {
    ROUTE_SHORT_REQUESTS("Route short requests to a smaller model"), BATCH_WHAT_CAN_WAIT(
            "Send what can wait as batch"), CAP_OUTPUTS("Cap outputs"), TRIM_CONTEXTS(
                    "Trim long contexts"), CACHE_INPUTS("Cache repeated input"), RESERVE_THROUGHPUT(
                            "Reserve throughput instead of paying as you go");

    private final String title;

    SavingKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
