package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** One user who does this and that, and remembers what it was promised. */
final class RandomLife {
    private static final int THREADS = 4;
    private static final List<WhenBusy> WAYS = List.of(WhenBusy.values());

    private final TestUser user;
    private final RandomAgents agents;
    private final Random random;
    private final List<Accepted> accepted = new ArrayList<>();
    private final Set<RunId> stopped = new HashSet<>();
    private final Set<RunId> takenBack = new HashSet<>();

    /** An input that was accepted. */
    record Accepted(RunRequest request, Receipt receipt, String thread) {
        RunId run() {
            return receipt.run();
        }
    }

    RandomLife(TestUser user, RandomAgents agents, Random random) {
        this.user = user;
        this.agents = agents;
        this.random = random;
    }

    TestUser user() {
        return user;
    }

    List<Accepted> accepted() {
        return accepted;
    }

    /** Runs that may have been stopped. */
    Set<RunId> stopped() {
        return stopped;
    }

    Set<RunId> takenBack() {
        return takenBack;
    }

    /** Does one thing. */
    void act() {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> submit();
            case 4 -> sendAgain();
            case 5 -> cancel();
            case 6, 7 -> answer();
            default -> open();
        }
    }

    private void submit() {
        String thread = "t" + random.nextInt(THREADS);
        WhenBusy whenBusy = WAYS.get(random.nextInt(WAYS.size()));
        String agent = RandomAgents.NAMES.get(random.nextInt(RandomAgents.NAMES.size()));
        RunRequest request = TestUser.request(thread, agent, "input", whenBusy);
        // What has not ended before the input is taken in may be stopped by it, what has ended may not.
        List<RunId> busy = unfinishedIn(thread);
        try {
            Receipt receipt = user.engine().submit(request).toCompletableFuture().join();
            accepted.add(new Accepted(request, receipt, thread));
        } catch (CompletionException failure) {
            check(failure, whenBusy, busy);
            return;
        }
        if (whenBusy == WhenBusy.INTERRUPT || whenBusy == WhenBusy.ROLLBACK) {
            stopped.addAll(busy);
        }
        if (whenBusy == WhenBusy.ROLLBACK) {
            // One that ended by itself in between was not stopped, and keeps its messages.
            busy.stream()
                    .filter(run -> user.view(run).state() == RunState.CANCELLED)
                    .forEach(takenBack::add);
        }
    }

    private static void check(CompletionException failure, WhenBusy whenBusy, List<RunId> busy) {
        boolean promised = failure.getCause() instanceof RefusedException refused
                && refused.code() == ErrorCode.THREAD_BUSY
                && whenBusy == WhenBusy.REJECT
                && !busy.isEmpty();
        if (!promised) {
            throw new AssertionError("refused without a reason", failure);
        }
    }

    private List<RunId> unfinishedIn(String thread) {
        return accepted.stream()
                .filter(input -> input.thread().equals(thread))
                .map(Accepted::run)
                .filter(run -> !user.view(run).state().isTerminal())
                .toList();
    }

    private void sendAgain() {
        if (accepted.isEmpty()) {
            return;
        }
        Accepted input = accepted.get(random.nextInt(accepted.size()));
        Receipt again = Await.value(user.engine().submit(input.request()));
        if (!again.equals(input.receipt())) {
            throw new AssertionError("another receipt: " + again + " for " + input.receipt());
        }
    }

    private void cancel() {
        pick().ifPresent(run -> {
            boolean ended = user.view(run).state().isTerminal();
            RunView before = user.view(run);
            RunView view = user.cancel(run);
            if (!view.state().isTerminal()) {
                throw new AssertionError("not ended by a stop: " + view);
            }
            if (!ended) {
                stopped.add(run);
            } else if (!view.equals(before)) {
                throw new AssertionError("has changed after its end: " + before + " to " + view);
            }
        });
    }

    private Optional<RunId> pick() {
        return accepted.isEmpty()
                ? Optional.empty()
                : Optional.of(accepted.get(random.nextInt(accepted.size())).run());
    }

    private void answer() {
        for (Accepted input : accepted) {
            List<OpenQuestion> questions = user.view(input.run()).questions();
            if (!questions.isEmpty() && random.nextBoolean()) {
                answer(input.run(), questions.getFirst());
                return;
            }
        }
    }

    private void answer(RunId run, OpenQuestion question) {
        // Nobody else answers or stops this user's runs, so that the question is still there.
        Await.value(user.answer(run, question.id(), new Content.Approval(random.nextBoolean())));
    }

    private void open() {
        pick().ifPresent(run -> agents.open(user.id(), run));
    }

    /** Lets everything end that is under way. */
    void comeToAnEnd() {
        accepted.forEach(input -> agents.open(user.id(), input.run()));
        Await.until("all has ended", () -> {
            accepted.forEach(
                    input -> user.view(input.run()).questions().forEach(question -> answer(input.run(), question)));
            return user.room().isQuiet();
        });
    }
}
