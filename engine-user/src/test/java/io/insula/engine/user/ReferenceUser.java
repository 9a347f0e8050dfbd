package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import io.insula.engine.user.ReferenceRun.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What one user was promised, and what was decided for the user, in the order in which it was. */
final class ReferenceUser {
    final UserId id;
    private final Reference all;
    private final List<DecidedEvent> decided = new ArrayList<>();
    /** How many runs waited for their start after so many events. */
    private final List<Integer> queuedAfter = new ArrayList<>(List.of(0));

    private final ReferenceRuns runs = new ReferenceRuns();
    private final Map<UUID, Promise> promises = new HashMap<>();
    /** Requests whose acceptance is durable. */
    private final Set<UUID> accepted = new HashSet<>();
    /** What is to be done with each input if its thread is busy. */
    private final Map<String, WhenBusy> ways = new HashMap<>();

    private final Map<String, Integer> interrupting = new HashMap<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final Set<String> atWork = new HashSet<>();
    /** The engine of the leases that are open now, and how many they are. */
    private Object engine = this;

    private int leases;
    /** What nobody knows of yet whether it is durable. */
    private final List<Decision> underWay = new ArrayList<>();
    private final Map<AppendChain, Set<String>> runsInChain = new HashMap<>();

    /** A request that was accepted. */
    record Promise(RunRequest body, Receipt receipt) {}

    ReferenceUser(UserId id, Reference all) {
        this.id = id;
        this.all = all;
    }

    // ---- what the engine decides

    /** Takes what is about to be appended, under the lock of the user's room. */
    Decision decide(JournalAppend append) {
        Optional<UUID> again = Decision.request(append).filter(accepted::contains);
        if (again.isPresent()) {
            all.runTakenInAgain();
            return Decision.again(again.get());
        }
        Decision decision = Decision.of(
                append,
                append.chain()
                        .map(chain -> runsInChain.computeIfAbsent(chain, c -> new HashSet<>()))
                        .orElseGet(HashSet::new));
        List<DecidedEvent> events = decision.events();
        for (int i = 0; i < events.size(); i++) {
            DecidedEvent event = events.get(i);
            boolean endsAtOnce = i + 1 < events.size() && events.get(i + 1).kind.isTerminal();
            decided.add(event);
            take(event, endsAtOnce);
            queuedAfter.add(runs.queued());
        }
        underWay.add(decision);
        return decision;
    }

    private void take(DecidedEvent event, boolean endsAtOnce) {
        if (event.kind == DecidedEvent.Kind.ACCEPTED) {
            accepted(event);
            return;
        }
        ReferenceRun run = runs.find(event.run)
                .orElseThrow(() -> new AssertionError("before its acceptance: " + event.json));
        check(!run.hasEnded(), "after the terminal event: ", event.json);
        switch (event.kind) {
            case STARTED -> started(run, endsAtOnce);
            case COMPLETED, CANCELLED, FAILED -> ended(run, event);
            case ASKED -> {
                run.hasAsked = true;
                check(run.open.add(event.text("question")), "asked twice: ", event.json);
            }
            case CLOSED -> {
                // Between the loss of a question and its news the engine may close it; that is lost too.
                String question = event.text("question");
                check(run.open.remove(question) || run.neverAsked.contains(question), "answered twice: ", event.json);
                if (event.json.contains("\"answer\":")) {
                    run.answers.put(event.text("question"), event.json.contains("\"answer\":true"));
                }
            }
            case SAID -> run.said++;
            case HIDDEN -> hidden(event);
            case ACCEPTED, OTHER -> check(run.acceptedAt > 0, "out of order: ", event.json);
        }
    }

    private void accepted(DecidedEvent event) {
        WhenBusy whenBusy = ways.getOrDefault(event.text("input"), WhenBusy.ENQUEUE);
        if (whenBusy != WhenBusy.ENQUEUE) {
            check(runs.in(event.thread).stream().allMatch(run -> run.hasEnded() || run.lostSomething),
                    "accepted into a busy thread: ", event.json);
        }
        ReferenceRun run = new ReferenceRun(event.run, event.thread, event.text("agent"), decided.size());
        check(runs.add(run), "accepted twice: ", event.json);
        EngineLimits.User limits = all.limits.user();
        check(all.writesFail || runs.queued() <= limits.queuedRuns() + limits.runsAtOnce(),
                "more runs wait than the queue takes: ", runs.queued());
        all.runAccepted();
    }

    private void started(ReferenceRun run, boolean endsAtOnce) {
        check(run.startedAt == Integer.MAX_VALUE, "begun twice: ", run);
        run.startedAt = decided.size();
        run.startNanos = all.now();
        run.waitedAtStart = all.waited();
        if (!endsAtOnce) {
            check(run.durable, "begun before its acceptance was durable: ", run);
            for (ReferenceRun before : runs.in(run.thread)) {
                if (before == run) {
                    return;
                }
                // An end that is lost had been decided, and the next may have begun before that was known.
                check(before.hasEnded() || before.lostSomething, "begun before the one before it had ended: ", before);
            }
        }
    }

    private void ended(ReferenceRun run, DecidedEvent event) {
        // What was on its way behind a beginning that is lost is written all the same.
        check(run.startedAt < decided.size() || run.lostSomething, "ended without a beginning: ", run);
        // A closing that is lost may be followed by a record, under way already, that knows the question no more.
        check(run.open.isEmpty() || run.lostSomething, "ended with an open question: ", run);
        run.end = end(run, event);
        run.endedAt = decided.size();
        run.endNanos = all.now();
        run.waitedAtEnd = all.waited();
        check(!run.isBusy() || run.isOutOfTime() || run.waitedAtEnd == run.waitedAtStart, "held up for nothing: ", run);
        if (atWork.remove(run.id)) {
            all.worksMore(-1);
        }
        all.runEnded();
    }

    private End end(ReferenceRun run, DecidedEvent event) {
        if (event.kind == DecidedEvent.Kind.COMPLETED) {
            return End.COMPLETED;
        }
        if (event.kind == DecidedEvent.Kind.CANCELLED) {
            check(run.stopAsked || interrupting.containsKey(run.thread), "nobody stopped ", run);
            return End.CANCELLED;
        }
        boolean justified = switch (event.text("code")) {
            case "interrupted" -> all.goingAway || (run.wasCutOff && !run.isResumable());
            case "deadline-exceeded" -> all.now() - run.startNanos >= SeededLimits.DEADLINE.toNanos();
            case "journal-unavailable" -> all.writesFail;
            case "agent-failed" -> run.agent.equals("fails");
            case "plugin-unhealthy" -> mayHaveAbandoned();
            default -> false;
        };
        check(justified, "failed without a reason: " + run + " by ", event.json);
        return event.text("code").equals("deadline-exceeded") ? End.TIMED_OUT : End.FAILED;
    }

    private void hidden(DecidedEvent event) {
        runs.namedIn(event).forEach(run -> {
            check(run.end == End.CANCELLED || all.writesFail, "taken back and not stopped: ", run);
            run.hidden = true;
        });
    }

    /** Learns what became of what was decided. */
    void written(Decision decision, boolean durable) {
        if (!underWay.remove(decision)) {
            check(!durable, "accepted twice: ", decision);
            return;
        }
        if (!durable) {
            decision.runs().forEach(run -> runs.find(run).ifPresent(losing -> losing.lostSomething = true));
        }
        settle(decision, durable);
    }

    private void settle(Decision decision, boolean durable) {
        if (durable) {
            decision.request().ifPresent(accepted::add);
        }
        for (DecidedEvent event : decision.events()) {
            event.lost = !durable;
            if (durable) {
                runs.find(event.run).ifPresent(run -> run.keep(event));
            } else {
                runs.find(event.run).ifPresent(run -> lost(run, event));
            }
        }
    }

    /** The platform has crashed: what was under way is durable if the log has it, and all that was held is gone. */
    void crashed(List<UserEvent> log) {
        int known = (int) decided.stream().filter(event -> !event.lost).count()
                - underWay.stream().mapToInt(decision -> decision.events().size()).sum();
        for (Decision decision : underWay) {
            boolean durable = decision.isIn(log, known);
            settle(decision, durable);
            known += durable ? decision.events().size() : 0;
        }
        check(known == log.size(), "events kept and never decided behind ", known);
        underWay.clear();
        // What is lost is the end of what was decided, so that everything before it keeps its number.
        decided.removeIf(event -> event.lost);
        queuedAfter.subList(decided.size() + 1, queuedAfter.size()).clear();
        runs.crashed();
        all.worksMore(-atWork.size());
        atWork.clear();
        interrupting.clear();
        leases = 0;
    }

    /** Takes back what was decided: it never happened. */
    private void lost(ReferenceRun run, DecidedEvent event) {
        run.takeBack(event, decided.size());
        switch (event.kind) {
            case ACCEPTED -> all.runEnded();
            case COMPLETED, CANCELLED, FAILED -> all.runGoesOn();
            case HIDDEN -> runs.namedIn(event).forEach(other -> other.hidden = false);
            case STARTED, ASKED, CLOSED, SAID, OTHER -> {
                // Nobody counts these over all users.
            }
        }
    }

    /** Whether a run that has ended can have ignored it for longer than it may. */
    boolean mayHaveAbandoned() {
        long grace = all.limits.run().stopGrace().toNanos();
        return runs.all().stream()
                .anyMatch(run -> run.lostSomething || (run.hasEnded() && all.now() - run.endNanos >= grace));
    }

    // ---- what the agents see

    void works(RunId run, boolean begins) {
        ReferenceRun known = runs.known(run);
        if (known.hasEnded()) {
            check(begins || known.waitedAtEnd == all.waited(), "has not noticed its stop: ", known);
            return;
        }
        if (begins && atWork.add(known.id)) {
            check(atWork.size() <= all.limits.user().runsAtOnce(), "more runs at work than the user has places: ",
                    atWork);
            all.worksMore(1);
        } else if (!begins && atWork.remove(known.id)) {
            all.worksMore(-1);
        }
    }

    void wasTold(RunId run, boolean approved) {
        ReferenceRun asking = runs.known(run);
        check(
                asking.durableAnswers.stream().anyMatch(question -> Boolean.valueOf(approved).equals(asking.answers
                        .get(question))),
                "told what nobody answered, or too early: ",
                run);
    }

    // ---- what the callers see

    int decisions() {
        return decided.size();
    }

    void leased(Object room) {
        check(leases == 0 || engine.equals(room), "two engines at once for ", id);
        engine = room;
        leases++;
    }

    void gaveBack() {
        leases--;
    }

    void submits(RunRequest request, boolean underWay) {
        ways.put(request.input(), request.whenBusy());
        all.submits(underWay);
        String thread = request.thread().orElseThrow().value();
        if (request.whenBusy() == WhenBusy.INTERRUPT || request.whenBusy() == WhenBusy.ROLLBACK) {
            interrupting.merge(thread, underWay ? 1 : -1, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    void cancels(RunId run) {
        runs.known(run).stopAsked = true;
    }

    void promised(RunRequest body, Receipt receipt) {
        Promise before = promises.putIfAbsent(body.request(), new Promise(body, receipt));
        check(before == null || before.equals(new Promise(body, receipt)), "another receipt than before: ", receipt);
        check(
                runs.find(receipt.run().value())
                        .filter(run -> run.durable && run.end != End.NEVER_WAS)
                        .isPresent(),
                "a receipt for nothing durable: ",
                receipt);
    }

    Map<UUID, Promise> promises() {
        return promises;
    }

    void answered(RunId run, String question, boolean approved) {
        check(Boolean.valueOf(approved).equals(runs.known(run).answers.get(question)), "not what was answered: ",
                approved);
    }

    /** Whether the question was asked and can be answered no more. */
    boolean isClosed(RunId run, String question) {
        return !runs.known(run).open.contains(question);
    }

    boolean queueWasFullBetween(int begin, int end) {
        return queuedAfter.subList(begin, end + 1).stream()
                .anyMatch(count -> count >= all.limits.user().queuedRuns());
    }

    boolean threadWasBusyBetween(String thread, int begin, int end) {
        return runs.in(thread).stream().anyMatch(run -> run.wasUnfinishedBetween(begin, end));
    }

    void saw(Snapshot snapshot) {
        snapshots.add(snapshot);
    }

    // ---- what must come of it

    /** Nothing may be held or at work any more. */
    void checkNothingHeld() {
        check(atWork.isEmpty(), "still at work: ", atWork);
        check(leases == 0, "leases not given back: ", leases);
    }

    List<DecidedEvent> decided() {
        return decided;
    }

    ReferenceRuns runs() {
        return runs;
    }

    List<Snapshot> snapshots() {
        return snapshots;
    }
}
