package io.insula.endtoend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Watches the events of one user in the order received, and notes each breach of the order that the protocol and AG-UI
 * 1.0 promise. Confined to one thread at a time.
 *
 * <p>Across runs: sequences rise by one, ids of messages, tool calls, sub-agents and questions are never used twice.
 * Within a run: see {@link RunOrder}. Of runs that were under way where the checker began, it sees but the rest, and
 * checks only that nothing follows their end.
 */
final class AguiOrderChecker {
    private final List<String> violations = new ArrayList<>();
    private final Map<String, RunOrder> runs = new HashMap<>();
    private final Set<String> idsOfOpenings = new HashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private final long begin;
    private long last;

    /** Begins behind the event of this sequence. */
    AguiOrderChecker(long from) {
        this.begin = from;
        this.last = from;
    }

    void accept(ReceivedEvent received) {
        if (received.sequence() != last + 1) {
            violate(received, "follows " + last + ": " + (received.sequence() <= last ? "a duplicate" : "a hole"));
        }
        last = Math.max(last, received.sequence());
        checkForm(received);
        if (received.isCustom("insula.messages.hidden")) {
            checkHidden(received);
            return;
        }
        boolean isNew = !runs.containsKey(received.run());
        if (isNew && begin > 0 && (underWay.contains(received.run()) || !received.isCustom("insula.run.accepted"))) {
            checkRest(received);
            return;
        }
        runs.computeIfAbsent(received.run(), run -> new RunOrder(received.thread(), this)).accept(received);
    }

    private void checkRest(ReceivedEvent received) {
        if (underWay.contains(ended(received))) {
            violate(received, "follows the end of its run");
        }
        underWay.add(received.run());
        if (received.isTerminal()) {
            underWay.add(ended(received));
        }
    }

    /** Not the id of a run: no id has a space. */
    private static String ended(ReceivedEvent received) {
        return "ended " + received.run();
    }

    /** What is wrong so far, in the order found. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** The runs that have begun and not ended. */
    Set<String> openRuns() {
        var open = new TreeSet<String>();
        runs.forEach((id, run) -> {
            if (!run.hasEnded()) {
                open.add(id);
            }
        });
        return open;
    }

    void violate(ReceivedEvent received, String what) {
        violations
                .add("#" + received.sequence() + " " + received.type() + " of run " + received.run() + " " + what + ": "
                        + received.event());
    }

    /** Notes an id that something was opened with; each is used once. */
    void checkNew(ReceivedEvent received, String kind, String id) {
        if (id.isEmpty()) {
            violate(received, "has no " + kind + " id");
        } else if (!idsOfOpenings.add(kind + ' ' + id)) {
            violate(received, "uses the " + kind + " id " + id + " again");
        }
    }

    private void checkForm(ReceivedEvent received) {
        var event = received.event();
        if (!event.path("timestamp").isIntegralNumber()) {
            violate(received, "has no timestamp in milliseconds");
        }
        // AG-UI: a member that is optional is left out; null is no value for it.
        var names = received.type().equals("CUSTOM") ? List.<String>of() : List.copyOf(event.propertyNames());
        for (String name : names) {
            if (event.path(name).isNull()) {
                violate(received, "has null for " + name);
            }
        }
    }

    private void checkHidden(ReceivedEvent received) {
        var hidden = received.value().path("runs");
        if (!hidden.isArray() || hidden.isEmpty()) {
            violate(received, "hides nothing");
        }
        for (JsonNode run : hidden) {
            var order = runs.get(run.asString(""));
            if ((order == null && begin == 0) || (order != null && !order.hasEnded())) {
                violate(received, "hides the run " + run + ", which has not ended");
            }
        }
    }
}
