package io.insula.engine.user;

import io.insula.agent.Outcome;
import io.insula.agent.RunStoppedException;
import io.insula.engine.api.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parallel work of one call, each part in a thread of its own. Its queue is guarded by its monitor. */
final class DelegationFan<R extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(DelegationFan.class);

    private final RoomServices services;
    private final AgentCalls.Call caller;
    private final Queue<Part<R>> waiting = new ArrayDeque<>();
    private final List<Part<R>> all = new ArrayList<>();

    private record Part<R extends Record>(Supplier<Outcome<R>> work, CompletableFuture<Outcome<R>> outcome) {}

    DelegationFan(RoomServices services, AgentCalls.Call caller, List<Supplier<Outcome<R>>> parts) {
        this.services = services;
        this.caller = caller;
        for (Supplier<Outcome<R>> part : parts) {
            all.add(new Part<>(part, new CompletableFuture<>()));
        }
        waiting.addAll(all);
    }

    void startNext() {
        Optional<Part<R>> next = next();
        if (next.isEmpty()) {
            return;
        }
        LiveRun run = caller.run();
        Thread thread = services.parts.environment().runThreads().newThread(() -> perform(next.get()));
        thread.setName("insula-run");
        services.board.threads().enter(run, thread, caller.plugin());
        try {
            thread.start();
        } catch (Throwable refused) {
            LOG.error("thread of a run cannot be started exception={}", Faults.describe(refused));
            next.get().outcome().complete(unexpected());
            services.board.threads().leave(run, thread);
        }
    }

    private synchronized Optional<Part<R>> next() {
        return caller.run().ended ? Optional.empty() : Optional.ofNullable(waiting.poll());
    }

    private void perform(Part<R> part) {
        try {
            part.outcome().complete(part.work().get());
        } catch (RunStoppedException stopped) {
            part.outcome().completeExceptionally(stopped);
        } catch (Throwable failure) {
            LOG.error("delegation failed exception={}", Faults.describe(failure));
            part.outcome().complete(unexpected());
        } finally {
            startNext();
            services.board.threads().leave(caller.run(), Thread.currentThread());
        }
    }

    private Outcome<R> unexpected() {
        return new Outcome.Failed<>(ErrorCode.INTERNAL.word(), Delegations.UNEXPECTED);
    }

    List<Outcome<R>> awaitAll() {
        List<Outcome<R>> outcomes = new ArrayList<>();
        for (Part<R> part : all) {
            outcomes.add(Waiting.forAnswer(caller.run(), part.outcome()));
        }
        return List.copyOf(outcomes);
    }
}
