package io.insula.endtoend;

/** What a run's state is called after its end. */
final class RunStates {
    private RunStates() {}

    static String of(ReceivedEvent end) {
        if (end.type().equals("RUN_FINISHED")) {
            return end.event().path("outcome").path("type").asString().equals("cancelled") ? "cancelled" : "completed";
        }
        return end.text("code").equals("deadline-exceeded") ? "timed-out" : "failed";
    }
}
