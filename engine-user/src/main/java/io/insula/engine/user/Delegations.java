package io.insula.engine.user;

import io.insula.agent.AgentInput;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import io.insula.agent.RunStoppedException;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.engine.api.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an agent call others, as parts of its own run. */
final class Delegations {
    private static final Logger LOG = LoggerFactory.getLogger(Delegations.class);

    private static final String UNEXPECTED = "The delegation failed inside the platform.";

    private final RoomServices services;

    Delegations(RoomServices services) {
        this.services = services;
    }

    /** Does the work in the calling thread. */
    <R extends Record> Outcome<R> delegate(AgentCalls.Call caller, Delegation<R> work) {
        LiveRun run = caller.run();
        String name = WellFormed.text(WellFormed.cut(work.agent(), 64));
        OpenItems.SubAgent subAgent = services.output.openSubAgent(run, caller.author(), name);
        Outcome<R> outcome;
        String event;
        try {
            String result = perform(caller, work, subAgent);
            outcome = new Outcome.Completed<>(decode(caller, work, result));
            event = services.parts.events().subAgentFinished(subAgent.run(), result);
        } catch (FailedException failed) {
            Faults.Fault fault = failed.fault;
            outcome = new Outcome.Failed<>(fault.code(), fault.message());
            event = services.parts.events().subAgentError(subAgent.run(), fault.code(), fault.message());
        } catch (RunStoppedException stopped) {
            throw stopped;
        } catch (Throwable unexpected) {
            // Codec and catalog promise not to, but what a record does when it is read is the plugin's own.
            stopIfEnded(run);
            LOG.error("delegation failed agent={} exception={}", name, Faults.describe(unexpected));
            outcome = new Outcome.Failed<>(ErrorCode.INTERNAL.word(), UNEXPECTED);
            event = services.parts.events().subAgentError(subAgent.run(), ErrorCode.INTERNAL.word(), UNEXPECTED);
        } finally {
            services.board.enter(run, Thread.currentThread(), caller.plugin());
        }
        services.output.end(run, subAgent, event);
        return outcome;
    }

    private static void stopIfEnded(LiveRun run) {
        if (run.ended) {
            throw new RunStoppedException();
        }
    }

    /** The work failed; only within this class. */
    private static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Faults.Fault fault;

        FailedException(Faults.Fault fault) {
            super(fault.message(), null, false, false);
            this.fault = fault;
        }

        FailedException(ErrorCode code, String message) {
            this(new Faults.Fault(code, message));
        }
    }

    private <R extends Record> String perform(AgentCalls.Call caller, Delegation<R> work, OpenItems.SubAgent subAgent)
            throws FailedException {
        checkPath(caller, work.agent());
        Optional<String> data = encode(caller, work);
        Optional<AgentLease> lease = services.parts.catalog().lease(work.agent());
        if (lease.isEmpty()) {
            List<String> loaded = services.parts.catalog().agents().stream()
                    .map(HostedAgent::name)
                    .toList();
            throw new FailedException(ErrorCode.AGENT_UNKNOWN, Refusals.unknownAgent(work.agent(), loaded));
        }
        try (AgentLease held = lease.get()) {
            if (services.board.isUnhealthy(held.agent().plugin())) {
                throw new FailedException(
                        ErrorCode.PLUGIN_UNHEALTHY, "Too many runs of the plugin do not end when stopped.");
            }
            AgentCalls.End end = services.agents.call(new AgentCalls.Call(
                    caller.run(),
                    held,
                    held.agent(),
                    new AgentInput(work.text(), work.attachments()),
                    data,
                    OpenItems.authorOf(subAgent.run()),
                    Stream.concat(caller.path().stream(), Stream.of(work.agent())).toList()));
            return switch (end) {
                case AgentCalls.End.Returned(String result) -> result;
                case AgentCalls.End.Failed(Faults.Fault fault) -> throw new FailedException(fault);
            };
        }
    }

    private void checkPath(AgentCalls.Call caller, String agent) throws FailedException {
        int depth = services.parts.limits().run().delegationDepth();
        if (caller.path().contains(agent)) {
            throw new FailedException(
                    ErrorCode.DELEGATION_REFUSED,
                    "\"" + agent + "\" is at work already: " + String.join(" > ", caller.path()) + ".");
        }
        if (caller.path().size() >= depth) {
            throw new FailedException(
                    ErrorCode.DELEGATION_REFUSED, "At most " + depth + " agents may be at work below each other.");
        }
    }

    private Optional<String> encode(AgentCalls.Call caller, Delegation<?> work) throws FailedException {
        if (work.data().isEmpty()) {
            return Optional.empty();
        }
        String json;
        try {
            json = caller.lease().records().encode(work.data().get());
        } catch (RecordMismatchException mismatch) {
            throw new FailedException(ErrorCode.DATA_MISMATCH, mismatch.getMessage());
        }
        if (json.length() > services.parts.limits().run().toolResultBytes()) {
            throw new FailedException(ErrorCode.RESULT_TOO_LARGE,
                    "The data for \"" + work.agent() + "\" is too large.");
        }
        return Optional.of(json);
    }

    private static <R extends Record> R decode(AgentCalls.Call caller, Delegation<R> work, String result)
            throws FailedException {
        try {
            return caller.lease().records().decode(result, work.resultType());
        } catch (RecordMismatchException mismatch) {
            throw new FailedException(
                    ErrorCode.DATA_MISMATCH,
                    "\"" + work.agent() + "\" did not return what was expected: " + mismatch.getMessage());
        }
    }

    /** Does all the work, each part in a fresh thread, so many at a time. */
    <R extends Record> List<Outcome<R>> delegateAll(AgentCalls.Call caller, List<Delegation<R>> work) {
        Fan<R> fan = new Fan<>(caller, work);
        // First they are at work, and then their caller waits: a run in which nobody seems to be at work while another
        // part of it asks the user would give up its place.
        for (int i = 0; i < services.parts.limits().run().delegationFanOut(); i++) {
            fan.startNext();
        }
        services.board.pause(caller.run());
        try {
            return fan.awaitAll();
        } finally {
            resume(caller.run());
        }
    }

    private void resume(LiveRun run) {
        if (!run.ended) {
            services.board.resume(run);
        }
    }

    /** Parallel work of one call. Its queue is guarded by its monitor. */
    private final class Fan<R extends Record> {
        private final AgentCalls.Call caller;
        private final Queue<Part<R>> waiting = new ArrayDeque<>();
        private final List<Part<R>> all = new ArrayList<>();

        private record Part<R extends Record>(Delegation<R> work, CompletableFuture<Outcome<R>> outcome) {}

        Fan(AgentCalls.Call caller, List<Delegation<R>> work) {
            this.caller = caller;
            for (Delegation<R> delegation : work) {
                all.add(new Part<>(delegation, new CompletableFuture<>()));
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
            services.board.enter(run, thread, caller.plugin());
            try {
                thread.start();
            } catch (Throwable refused) {
                LOG.error("thread of a run cannot be started exception={}", Faults.describe(refused));
                next.get().outcome().complete(new Outcome.Failed<>(ErrorCode.INTERNAL.word(), UNEXPECTED));
                services.board.leave(run, thread);
            }
        }

        private synchronized Optional<Part<R>> next() {
            return caller.run().ended ? Optional.empty() : Optional.ofNullable(waiting.poll());
        }

        private void perform(Part<R> part) {
            try {
                part.outcome().complete(delegate(caller, part.work()));
            } catch (RunStoppedException stopped) {
                part.outcome().completeExceptionally(stopped);
            } catch (Throwable failure) {
                LOG.error("delegation failed exception={}", Faults.describe(failure));
                part.outcome().complete(new Outcome.Failed<>(ErrorCode.INTERNAL.word(), UNEXPECTED));
            } finally {
                startNext();
                services.board.leave(caller.run(), Thread.currentThread());
            }
        }

        List<Outcome<R>> awaitAll() {
            List<Outcome<R>> outcomes = new ArrayList<>();
            for (Part<R> part : all) {
                outcomes.add(Waiting.forAnswer(caller.run(), part.outcome()));
            }
            return List.copyOf(outcomes);
        }
    }
}
