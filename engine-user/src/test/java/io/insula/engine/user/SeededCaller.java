package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunView;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One thread that calls the engine of a user, among others that do so too. Every answer it gets must be explained. */
final class SeededCaller implements Runnable {
    private static final int THREADS = 2;
    private static final List<WhenBusy> WAYS = List.of(
            WhenBusy.ENQUEUE, WhenBusy.ENQUEUE, WhenBusy.REJECT, WhenBusy.INTERRUPT, WhenBusy.ROLLBACK);

    private final SeededWorld world;
    private final ReferenceUser user;
    private final Random random;
    private final int actions;
    /** What all callers of the user have sent; used by seeded threads alone. */
    private final List<RunRequest> sent;

    private final List<UserExecutionEngine.Lease> leases = new ArrayList<>();

    SeededCaller(SeededWorld world, ReferenceUser user, Random random, int actions, List<RunRequest> sent) {
        this.world = world;
        this.user = user;
        this.random = random;
        this.actions = actions;
        this.sent = sent;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < actions; i++) {
                act();
                world.acted();
            }
        } catch (RefusedException refused) {
            throw new AssertionError("refused without a reason: " + refused.code(), refused);
        } finally {
            while (!leases.isEmpty()) {
                giveBack();
            }
            world.callerEnded();
        }
    }

    private void act() throws RefusedException {
        Optional<UserExecutionEngine> engine = engine();
        if (engine.isEmpty()) {
            return;
        }
        try {
            act(engine.get());
        } catch (RefusedException refused) {
            if (!isGoingAway(refused)) {
                throw refused;
            }
        }
    }

    private void act(UserExecutionEngine engine) throws RefusedException {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> submit(engine, request());
            case 5, 6 -> sendAgain(engine);
            case 7 -> cancel(engine);
            case 8, 9, 10 -> answer(engine);
            case 11 -> somePromise().ifPresent(run -> world.agents().open(user.id, run));
            case 12 -> user.saw(engine.snapshot());
            case 13 -> world.time().pass(Duration.ofMillis(1 + random.nextInt(9_000)));
            case 14 -> giveBack();
            default -> world.disturb(random, user);
        }
    }

    /** A platform that goes away may refuse anything. */
    private boolean isGoingAway(RefusedException refused) {
        return world.reference().goingAway
                && (refused.code() == ErrorCode.GOING_AWAY || refused.code() == ErrorCode.ENGINE_CLOSED);
    }

    private Optional<UserExecutionEngine> engine() throws RefusedException {
        if (leases.isEmpty() || random.nextInt(8) == 0) {
            Optional<UserExecutionEngine.Lease> lease = world.open(user);
            lease.ifPresent(leases::add);
        }
        return leases.isEmpty() ? Optional.empty() : Optional.of(leases.getLast().engine());
    }

    private void giveBack() {
        user.gaveBack();
        leases.removeLast().close();
    }

    private RunRequest request() {
        String agent = SeededAgents.NAMES.get(random.nextInt(SeededAgents.NAMES.size()));
        RunRequest request = request(new UUID(random.nextLong(), random.nextLong()), agent);
        sent.add(request);
        return request;
    }

    private RunRequest request(UUID id, String agent) {
        return new RunRequest(
                id,
                Optional.of(new ThreadId("t" + random.nextInt(THREADS))),
                Optional.empty(),
                Optional.of(agent),
                "input " + random.nextLong(),
                List.of(),
                WAYS.get(random.nextInt(WAYS.size())));
    }

    /** Sends a request that was sent, or is just being sent, by whichever caller: the same, or another under its id. */
    private void sendAgain(UserExecutionEngine engine) throws RefusedException {
        if (sent.isEmpty()) {
            return;
        }
        RunRequest before = sent.get(random.nextInt(sent.size()));
        submit(engine, random.nextInt(4) == 0 ? request(before.request(), "quick") : before);
    }

    private void submit(UserExecutionEngine engine, RunRequest request) throws RefusedException {
        int begin = user.decisions();
        user.submits(request, true);
        try {
            Receipt receipt = value(engine.submit(request));
            user.promised(request, receipt);
            world.checkDurable(user, receipt);
            world.note("accepted " + receipt.run().value());
        } catch (RefusedException refused) {
            world.note("refused " + refused.code());
            if (!mayRefuse(refused.code(), request, begin)) {
                throw refused;
            }
        } finally {
            user.submits(request, false);
        }
    }

    private boolean mayRefuse(ErrorCode code, RunRequest request, int begin) {
        int end = user.decisions();
        Reference reference = world.reference();
        boolean lenient = reference.writesFail;
        return switch (code) {
            case GOING_AWAY, ENGINE_CLOSED -> reference.goingAway;
            case JOURNAL_UNAVAILABLE -> reference.writesFail;
            case QUEUE_FULL -> lenient || user.queueWasFullBetween(begin, end);
            case THREAD_BUSY -> request.whenBusy() == WhenBusy.REJECT
                    && (lenient || user.threadWasBusyBetween(request.thread().orElseThrow().value(), begin, end));
            case PLATFORM_BUSY -> reference.mayBeFull();
            case PLUGIN_UNHEALTHY -> user.mayHaveAbandoned();
            case REQUEST_REUSED -> sent.stream().anyMatch(other -> other.request().equals(request.request()));
            default -> false;
        };
    }

    private Optional<RunId> somePromise() {
        List<RunId> runs = user.promises().values().stream()
                .map(promise -> promise.receipt().run())
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .toList();
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(random.nextInt(runs.size())));
    }

    private void cancel(UserExecutionEngine engine) throws RefusedException {
        Optional<RunId> run = somePromise();
        if (run.isEmpty()) {
            return;
        }
        RunView before = engine.run(run.get());
        user.cancels(run.get());
        try {
            RunView view = value(engine.cancel(run.get()));
            check(view.state().isTerminal(), "not ended by a stop: ", view);
            check(view.equals(engine.run(run.get())), "another end is kept than was told: ", view);
            check(!before.state().isTerminal() || before.equals(view), "changed after its end: ", before);
        } catch (RefusedException refused) {
            if (refused.code() != ErrorCode.JOURNAL_UNAVAILABLE || !world.reference().writesFail) {
                throw refused;
            }
        }
    }

    private void answer(UserExecutionEngine engine) throws RefusedException {
        for (RunView run : engine.runs(new PageRequest(Optional.empty(), PageRequest.MAX_SIZE)).items()) {
            if (!run.questions().isEmpty()) {
                OpenQuestion question = run.questions().get(random.nextInt(run.questions().size()));
                answer(engine, run.run(), question.id());
                return;
            }
        }
    }

    private void answer(UserExecutionEngine engine, RunId run, String question) throws RefusedException {
        boolean approved = random.nextBoolean();
        AnswerRequest request = new AnswerRequest(
                new UUID(random.nextLong(), random.nextLong()), run, question, new Content.Approval(approved));
        try {
            Receipt receipt = value(engine.answer(request));
            user.answered(run, question, approved);
            world.checkDurable(user, receipt);
            check(value(engine.answer(request)).equals(receipt), "answered again with another receipt: ", receipt);
        } catch (RefusedException refused) {
            world.note("not answered " + refused.code());
            // An answer that cannot be written makes its question open again.
            boolean mayBeLate = world.reference().writesFail || user.isClosed(run, question);
            boolean late = refused.code() == ErrorCode.QUESTION_UNKNOWN && mayBeLate;
            boolean lost = refused.code() == ErrorCode.JOURNAL_UNAVAILABLE && world.reference().writesFail;
            if (!late && !lost) {
                throw refused;
            }
        }
    }

    private static <T> T value(CompletionStage<T> stage) throws RefusedException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw failure;
        }
    }
}
