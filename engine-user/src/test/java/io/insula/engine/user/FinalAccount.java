package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds what a journal keeps of a user against what was decided and promised.
 *
 * @param user the model's side
 * @param writesFail whether some of it may not have been written
 */
record FinalAccount(ReferenceUser user, boolean writesFail) {
    void check(EventJournal journal) {
        List<UserEvent> log = journal.read(user.id, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        checkLog(log);
        user.promises().values().forEach(promise -> holdsPlace(promise, log));
        user.checkNothingHeld();
        user.runs().all().forEach(run -> checkRun(run, log, journal));
        if (!writesFail) {
            user.snapshots().forEach(this::explain);
            if (user.runs().allEnded()) {
                AguiOrder.checkComplete(log);
            }
        }
    }

    private void checkLog(List<UserEvent> log) {
        List<DecidedEvent> kept =
                user.decided().stream().filter(event -> !event.lost).toList();
        Reference.check(log.size() == kept.size(), "events kept of " + kept.size() + ": ", log.size());
        for (int i = 0; i < log.size(); i++) {
            UserEvent event = log.get(i);
            Reference.check(event.sequence() == i + 1L, "a hole or a duplicate: ", event);
            Reference.check(event.json().equals(kept.get(i).json), "another order than decided: ", event);
        }
    }

    private static void holdsPlace(ReferenceUser.Promise promise, List<UserEvent> log) {
        UserEvent event = log.get((int) promise.receipt().position().sequence() - 1);
        Reference.check(
                event.run().equals(promise.receipt().run()), "the receipt's position is of another run: ", promise);
    }

    private void checkRun(ReferenceRun run, List<UserEvent> log, EventJournal journal) {
        Optional<RunView> kept = journal.run(user.id, new RunId(run.id)).map(RunRecord::view);
        if (run.end == ReferenceRun.End.NEVER_WAS) {
            boolean nothing = kept.isEmpty() && log.stream().noneMatch(event -> event.run().value().equals(run.id));
            Reference.check(nothing, "never accepted, and yet kept: ", run);
            return;
        }
        RunView view = kept.orElseThrow();
        if (!run.hasEnded()) {
            // What had not begun when the platform went away waits for its next start, as does what lost its end.
            boolean waits = view.state() == RunState.QUEUED
                    || ((run.lostSomething || run.isResumable()) && !view.state().isTerminal());
            Reference.check(waits, "never ended: ", run);
            return;
        }
        Reference.check(view.state().name().equals(run.end.name()), "kept as " + view + " but was ", run);
        long ends = user.decided().stream()
                .filter(event -> !event.lost && event.run.equals(run.id) && event.kind.isTerminal())
                .count();
        Reference.check(ends == 1, ends + " terminal events of ", run);
    }

    private void explain(Snapshot snapshot) {
        int at = (int) snapshot.position().sequence();
        Set<String> expected = new TreeSet<>();
        for (ReferenceRun run : user.runs().all()) {
            if (run.wasUnfinishedBetween(at, at)) {
                expected.add(run.id + (run.startedAt <= at ? " begun " : " queued ") + openAt(run, at));
            }
        }
        Set<String> seen = new TreeSet<>();
        for (RunView run : snapshot.runs()) {
            Set<String> open = new TreeSet<>();
            run.questions().stream().map(OpenQuestion::id).forEach(open::add);
            seen.add(run.run().value() + (run.startedAt().isPresent() ? " begun " : " queued ") + open);
        }
        Reference.check(seen.equals(expected), "the snapshot at " + at + " shows " + seen + " instead of ", expected);
    }

    private Set<String> openAt(ReferenceRun run, int at) {
        Set<String> open = new TreeSet<>();
        for (DecidedEvent event : user.decided().subList(0, at)) {
            if (event.run.equals(run.id) && event.kind == DecidedEvent.Kind.ASKED) {
                open.add(event.text("question"));
            } else if (event.run.equals(run.id) && event.kind == DecidedEvent.Kind.CLOSED) {
                open.remove(event.text("question"));
            }
        }
        return open;
    }
}
