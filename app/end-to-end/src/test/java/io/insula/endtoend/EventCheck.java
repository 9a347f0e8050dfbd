package io.insula.endtoend;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares the events that are stored for a user with what the user was shown and told, when everything has ended.
 * Whatever does not fit is noted in the ledger.
 */
final class EventCheck {
    /** What is stored of one run. */
    private static final class StoredRun {
        private final ReceivedEvent accepted;
        private final List<ReceivedEvent> events = new ArrayList<>();

        StoredRun(ReceivedEvent accepted) {
            this.accepted = accepted;
        }

        String agent() {
            return accepted.value().path("agent").asString();
        }

        List<ReceivedEvent> ends() {
            return events.stream().filter(ReceivedEvent::isTerminal).toList();
        }

        ReceivedEvent end() {
            return ends().getLast();
        }

        long startedAt() {
            return events.stream().filter(event -> event.type().equals("RUN_STARTED")).findFirst().orElse(accepted)
                    .event().path("timestamp").asLong();
        }

        String outcome() {
            return end().type().equals("RUN_ERROR") ? end().text("code")
                    : end().event().path("outcome").path("type").asString();
        }

        String said() {
            return events.stream()
                    .filter(event -> event.type().equals("TEXT_MESSAGE_CONTENT")
                            && event.text("subagentRunId").isEmpty())
                    .map(event -> event.text("delta")).collect(joining());
        }
    }

    /** How often a resumable run is tried, by default; after that it may end as interrupted. */
    private static final int ATTEMPTS = 5;
    private static final Set<String> RESUMABLE = Set.of("cost-advisor", "resumable-steps");
    private static final Map<String, Set<String>> OUTCOMES = Map.of("fail", Set.of("scenario.foreseen"),
            "wait-for-stop", Set.of("success"));

    private final UserLedger ledger;
    private final UserLedger stored;
    private final List<Outage> outages;
    private final Map<String, StoredRun> runs = new LinkedHashMap<>();

    EventCheck(UserLedger ledger, UserLedger stored, List<Outage> outages) {
        this.ledger = ledger;
        this.stored = stored;
        this.outages = outages;
    }

    void check() {
        stored.findings().forEach(finding -> ledger.find("read from the start: " + finding));
        checkSeen();
        checkMarks();
        checkOrder();
        for (var event : stored.events()) {
            if (event.isCustom("insula.run.accepted")) {
                runs.put(event.run(), new StoredRun(event));
            }
            var run = runs.get(event.run());
            if (run != null) {
                run.events.add(event);
            }
        }
        checkReceipts();
        runs.values().forEach(this::checkRun);
        checkAsked();
        checkThreads();
        checkVisits();
    }

    /** What was seen is stored, each event as it was. */
    private void checkSeen() {
        if (!stored.epoch().equals(ledger.epoch())) {
            ledger.find("the epoch was " + ledger.epoch() + " and is " + stored.epoch());
        }
        var seen = ledger.events();
        var kept = stored.events();
        for (int i = 0; i < seen.size(); i++) {
            if (i >= kept.size() || !kept.get(i).equals(seen.get(i))) {
                ledger.find("seen as " + seen.get(i) + ", stored as " + (i < kept.size() ? kept.get(i) : "nothing"));
                return;
            }
        }
    }

    /** Every input has the mark of its user, so that the look for others' marks cannot have looked at nothing. */
    private void checkMarks() {
        long inputs = ledger.events().stream().filter(event -> event.isCustom("insula.run.accepted")).count();
        if (inputs == 0 || ledger.ownMarks() < inputs) {
            ledger.find("found " + ledger.ownMarks() + " own marks in " + inputs + " inputs");
        }
    }

    private void checkOrder() {
        var order = new AguiOrderChecker(0);
        stored.events().forEach(order::accept);
        order.violations().forEach(ledger::find);
        if (!order.openRuns().isEmpty()) {
            ledger.find("never ended: " + order.openRuns());
        }
    }

    private void checkReceipts() {
        var asked = ledger.asked();
        ledger.receipts().forEach((request, receipt) -> {
            var message = asked.get(request);
            boolean isAnswer = message.path("type").asString().equals("run.answer");
            int place = receipt.position().path("sequence").asInt() - 1;
            var event = place >= 0 && place < stored.events().size() ? stored.events().get(place) : null;
            if (event == null || !event.run().equals(receipt.run())
                    || !event.isCustom(isAnswer ? "insula.answer" : "insula.run.accepted")) {
                ledger.find("the receipt " + receipt + " of " + message + " points to " + event);
            } else if (isAnswer ? !isAnswerOf(event, message) : !isRunOf(event, message)) {
                ledger.find("acknowledged " + message + ", stored " + event);
            }
            if (!receipt.position().path("epoch").asString().equals(stored.epoch().orElse(""))) {
                ledger.find("a receipt of another epoch: " + receipt);
            }
        });
    }

    private static boolean isRunOf(ReceivedEvent event, ObjectNode message) {
        return event.value().path("input").equals(message.path("input"))
                && event.value().path("agent").equals(message.path("agent"))
                && event.thread().equals(message.path("thread").asString())
                && event.run().equals(message.path("run").asString(event.run()));
    }

    private static boolean isAnswerOf(ReceivedEvent event, ObjectNode message) {
        return event.value().path("question").equals(message.path("question"))
                && event.value().path("answer").equals(message.path("answer"));
    }

    private void checkRun(StoredRun run) {
        String id = run.accepted.run();
        if (run.ends().size() != 1) {
            ledger.find(id + " has ended " + run.ends().size() + " times");
            return;
        }
        String outcome = run.outcome();
        if (outcome.equals("cancelled")) {
            if (!ledger.cancelled().contains(id) && !run.accepted.thread().equals(UserActions.DISTURBED_THREAD)) {
                ledger.find("nobody cancelled " + run.end());
            }
        } else if (outcome.equals("interrupted")) {
            checkInterrupted(run);
        } else if (run.agent().equals("remember") && outcome.equals("run-too-large")) {
            // It repeats its conversation, and so doubles what it says each time: at its limit it is right to end.
            return;
        } else if (!OUTCOMES.getOrDefault(run.agent(), Set.of("success")).contains(outcome)) {
            ledger.find("the run of " + run.accepted.event() + " ended with " + run.end().event());
        }
        if (outcome.equals("success")) {
            String input = run.accepted.value().path("input").asString();
            ledger.expected(input).or(() -> ledger.expected(id)).filter(said -> !said.equals(run.said()))
                    .ifPresent(said -> ledger.find(id + " said \"" + run.said() + "\" instead of \"" + said + "\""));
        }
    }

    /** Only what was at work when the application was killed is interrupted; what had not started runs. */
    private void checkInterrupted(StoredRun run) {
        long ended = run.end().event().path("timestamp").asLong();
        long crashes = outages.stream().filter(each -> each.isBetween(run.startedAt(), ended)).count();
        if (crashes == 0) {
            ledger.find("interrupted without having been at work in a crash: " + run.accepted.event() + ", started at "
                    + run.startedAt() + ", ended at " + ended);
        }
        if (RESUMABLE.contains(run.agent()) && crashes < ATTEMPTS) {
            ledger.find("resumable, and interrupted after " + crashes + " crashes: " + run.accepted.event());
        }
    }

    /** Every run was asked for once and not refused, and every acknowledged one is there. */
    private void checkAsked() {
        var inputs = new HashSet<String>();
        for (var message : ledger.asked().values()) {
            inputs.add(message.path("input").asString(""));
        }
        for (var run : runs.values()) {
            if (!inputs.remove(run.accepted.value().path("input").asString())) {
                ledger.find("a run that nobody asked for, or asked for once: " + run.accepted);
            }
        }
        ledger.receipts().values().stream().filter(receipt -> !runs.containsKey(receipt.run()))
                .forEach(receipt -> ledger.find("nothing is stored of the acknowledged " + receipt));
        ledger.told().forEach((id, state) -> {
            var run = runs.get(id);
            if (run != null && run.ends().size() == 1 && !RunStates.of(run.end()).equals(state)) {
                ledger.find(id + " was said to be " + state + ", and its end is " + run.end().event());
            }
        });
    }

    /** The runs of a thread go one after another, in the order accepted; a cancelled one need not wait for its turn. */
    private void checkThreads() {
        var ends = new HashMap<String, StoredRun>();
        for (var run : runs.values()) {
            if (run.ends().size() != 1 || run.outcome().equals("cancelled")) {
                continue;
            }
            var before = ends.put(run.accepted.thread(), run);
            long started = run.events.stream().filter(event -> event.type().equals("RUN_STARTED"))
                    .mapToLong(ReceivedEvent::sequence).findFirst().orElse(Long.MAX_VALUE);
            if (before != null && before.end().sequence() > started) {
                ledger.find(run.accepted.run() + " started at #" + started + ", before the end of "
                        + before.accepted.run() + ", #" + before.end().sequence());
            }
        }
    }

    /** The store forgets nothing that was said: visits are counted upwards. */
    private void checkVisits() {
        int last = 0;
        for (var run : runs.values()) {
            String said = run.agent().equals("remember") && run.ends().size() == 1 ? run.said() : "";
            if (said.startsWith("visit ")) {
                int visit = Integer.parseInt(said.substring("visit ".length()).split("\\|", 2)[0]);
                if (visit <= last) {
                    ledger.find("visit " + visit + " after visit " + last + ": " + run.accepted.run());
                }
                last = visit;
            }
        }
    }
}
