package io.insula.endtoend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one user asked, what was acknowledged, and every event seen, over any number of connections one after another.
 * It is what the user remembers, whatever the application forgets. Safe for any number of threads.
 */
final class UserLedger implements FrailConnection.Listener {
    /** An acknowledged run or answer. */
    record Receipt(String run, String thread, JsonNode position) {
        static Receipt of(JsonNode accepted) {
            return new Receipt(accepted.path("run").asString(), accepted.path("thread").asString(),
                    accepted.path("position"));
        }
    }

    /** A file that was stored. */
    record Stored(String id, String name, int bytes, int sum) {
        /** How the asking agent says it. */
        String said() {
            return " " + name + "/" + bytes + "/" + sum;
        }
    }

    private final Moment moment = new Moment();
    private final OwnerMarks marks;
    private final Runnable eventsCame;
    // All of these are guarded by the moment.
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final Map<String, ObjectNode> asked = new LinkedHashMap<>();
    private final Map<String, Receipt> receipts = new LinkedHashMap<>();
    private final Set<String> refusals = new HashSet<>();
    private final Set<String> unfinished = new LinkedHashSet<>();
    private final Map<String, JsonNode> questions = new LinkedHashMap<>();
    private final Map<String, ReceivedEvent> accepted = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, String> expected = new HashMap<>();
    private final Map<String, String> told = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Map<String, Set<String>> titles = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final List<Stored> uploads = new ArrayList<>();
    private final Set<String> farewells = new HashSet<>();
    private final List<String> findings = new ArrayList<>();
    private Optional<String> epoch = Optional.empty();

    /** Says whenever events came. */
    UserLedger(String subject, Runnable eventsCame) {
        this.marks = new OwnerMarks(subject);
        this.eventsCame = eventsCame;
    }

    /** Takes every frame, as it came, for a look whether it is the user's. */
    @Override
    public void look(String frame) {
        marks.foreign(frame).forEach(owner -> find("of " + owner + ": " + frame));
    }

    /** How often something was seen that belongs to the user. */
    long ownMarks() {
        return marks.own();
    }

    /** Takes a frame that is not a reply. */
    @Override
    public void receive(JsonNode frame) {
        moment.change(() -> {
            switch (frame.path("type").asString("")) {
                case "events" -> {
                    takeEvents(frame);
                    eventsCame.run();
                }
                case "welcome", "lost", "notice" -> {
                    // It wakes who waits, no more.
                }
                default -> findings.add("an unexpected frame: " + frame);
            }
        });
    }

    private void takeEvents(JsonNode frame) {
        String from = frame.path("epoch").asString("");
        if (!epoch.map(from::equals).orElse(true)) {
            findings.add("the epoch was " + epoch + " and is " + from);
        }
        epoch = Optional.of(from);
        for (var envelope : frame.path("events")) {
            var event = new ReceivedEvent(envelope.path("sequence").asLong(-1), envelope.path("thread").asString(""),
                    envelope.path("run").asString(""), envelope.path("event"));
            if (event.sequence() != events.size() + 1) {
                findings.add("#" + event.sequence() + " follows #" + events.size() + ": " + event.event());
                continue;
            }
            events.add(event);
            note(event);
        }
    }

    private void note(ReceivedEvent event) {
        if (event.isCustom("insula.run.accepted")) {
            unfinished.add(event.run());
            accepted.put(event.run(), event);
        } else if (event.isCustom("insula.question")) {
            questions.put(event.run(), event.value());
        } else if (event.isCustom("insula.answer")) {
            questions.remove(event.run());
        } else if (event.isTerminal()) {
            unfinished.remove(event.run());
            ended.add(event.run());
            questions.remove(event.run());
        }
    }

    /** The position behind the last event seen, if there was one. */
    Optional<ObjectNode> position() {
        return moment.read(() -> epoch.map(known -> FrailConnection.JSON.createObjectNode().put("epoch", known)
                .put("sequence", events.size())));
    }

    /** Notes what is asked before it is sent, for its fate may stay unknown. */
    void ask(ObjectNode message) {
        moment.change(() -> asked.put(message.path("request").asString(), message));
    }

    /** Notes what became of a request; the second receipt must be the first. */
    void settle(ObjectNode message, JsonNode reply) {
        String request = message.path("request").asString();
        moment.change(() -> {
            var known = receipts.get(request);
            if (!reply.path("type").asString().equals("accepted")) {
                refuse(known, message, reply);
                return;
            }
            var receipt = Receipt.of(reply);
            if (known != null && !known.equals(receipt)) {
                findings.add("sent again, " + message + " got " + receipt + " instead of " + known);
            }
            receipts.putIfAbsent(request, receipt);
        });
    }

    private void refuse(Receipt known, ObjectNode message, JsonNode reply) {
        if (known == null) {
            refusals.add(reply.path("code").asString());
            asked.remove(message.path("request").asString());
        } else {
            findings.add("sent again, " + message + " got " + reply + " instead of " + known);
        }
    }

    /** What was asked and neither acknowledged nor refused. */
    List<ObjectNode> unsettled() {
        return moment.read(() -> asked.entrySet().stream().filter(each -> !receipts.containsKey(each.getKey()))
                .map(Map.Entry::getValue).toList());
    }

    /** What was acknowledged, in the order asked. */
    List<ObjectNode> settled() {
        return moment.read(() -> asked.entrySet().stream().filter(each -> receipts.containsKey(each.getKey()))
                .map(Map.Entry::getValue).toList());
    }

    /** The server closed a connection in words. */
    void bidFarewell(String how) {
        moment.change(() -> farewells.add(how));
    }

    Set<String> farewells() {
        return moment.read(() -> Set.copyOf(farewells));
    }

    void find(String finding) {
        moment.change(() -> findings.add(finding));
    }

    /** What a run of this input or of this id must have said when it succeeds. */
    void expect(String inputOrRun, String said) {
        moment.change(() -> expected.put(inputOrRun, said));
    }

    Optional<String> expected(String inputOrRun) {
        return moment.read(() -> Optional.ofNullable(expected.get(inputOrRun)));
    }

    /** The server said that the run had ended so. */
    void tell(String run, String state) {
        moment.change(() -> {
            String before = told.putIfAbsent(run, state);
            if (before != null && !before.equals(state)) {
                findings.add(run + " was " + before + " and is " + state);
            }
        });
    }

    void cancel(String run) {
        moment.change(() -> cancelled.add(run));
    }

    /** A title that a thread may have from now on. */
    void rename(String thread, String title) {
        moment.change(() -> titles.computeIfAbsent(thread, unnamed -> new HashSet<>(Set.of(""))).add(title));
    }

    /** A title that a thread has from now on. */
    void renamed(String thread, String title) {
        moment.change(() -> titles.put(thread, new HashSet<>(Set.of(title))));
    }

    void deleted(String thread) {
        moment.change(() -> deleted.add(thread));
    }

    void stored(Stored file) {
        moment.change(() -> uploads.add(file));
    }

    /** Waits until the condition, which reads this ledger, holds or the connection is lost. */
    void await(String what, FrailConnection connection, BooleanSupplier condition) {
        moment.await(Moment.DEADLINE.multipliedBy(3), what, () -> connection.isLost() || condition.getAsBoolean(),
                () -> unfinished.stream().map(run -> run + " of " + agentOf(run)).toList() + ", questions " + questions
                        + ", " + findings + ", the last of " + events.size()
                        + ": "
                        + events.subList(Math.max(0, events.size() - 5), events.size()));
    }

    List<ReceivedEvent> events() {
        return moment.read(() -> List.copyOf(events));
    }

    long seen() {
        return moment.read(() -> (long) events.size());
    }

    Optional<String> epoch() {
        return moment.read(() -> epoch);
    }

    Map<String, Receipt> receipts() {
        return moment.read(() -> Map.copyOf(receipts));
    }

    Map<String, ObjectNode> asked() {
        return moment.read(() -> Map.copyOf(asked));
    }

    /** With which codes runs and answers were refused. */
    Set<String> refusals() {
        return moment.read(() -> Set.copyOf(refusals));
    }

    /** Runs that were seen to be accepted and not to end, in their order. */
    List<String> unfinished() {
        return moment.read(() -> List.copyOf(unfinished));
    }

    /** Whether every run that was acknowledged or seen has been seen to end. */
    boolean isAllOver() {
        return moment.read(() -> unfinished.isEmpty()
                && receipts.values().stream().allMatch(receipt -> ended.contains(receipt.run())));
    }

    /** Such runs of one agent. */
    List<String> unfinished(String agent) {
        return moment.read(() -> unfinished.stream().filter(run -> agentOf(run).equals(agent)).toList());
    }

    private String agentOf(String run) {
        return accepted.get(run).value().path("agent").asString();
    }

    /** The question of this run is about to be answered, and is not to be answered otherwise. */
    void takeQuestion(String run) {
        moment.change(() -> questions.remove(run));
    }

    boolean hasEnded(String run) {
        return moment.read(() -> ended.contains(run));
    }

    /** The thread of a run that was seen to be accepted. */
    String threadOf(String run) {
        return moment.read(() -> accepted.get(run).thread());
    }

    /** The questions that are open as far as was seen, by run. */
    Map<String, JsonNode> questions() {
        return moment.read(() -> new LinkedHashMap<>(questions));
    }

    Map<String, String> told() {
        return moment.read(() -> Map.copyOf(told));
    }

    Set<String> cancelled() {
        return moment.read(() -> Set.copyOf(cancelled));
    }

    Map<String, Set<String>> titles() {
        return moment.read(() -> Map.copyOf(titles));
    }

    Set<String> deleted() {
        return moment.read(() -> Set.copyOf(deleted));
    }

    List<Stored> uploads() {
        return moment.read(() -> List.copyOf(uploads));
    }

    List<String> findings() {
        return moment.read(() -> List.copyOf(findings));
    }
}
