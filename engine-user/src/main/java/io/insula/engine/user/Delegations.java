package io.insula.engine.user;

import io.insula.agent.AgentInput;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import io.insula.agent.RunStoppedException;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an agent call others, as parts of its own run. */
final class Delegations {
    private static final Logger LOG = LoggerFactory.getLogger(Delegations.class);

    static final String UNEXPECTED = "The delegation failed inside the platform.";

    private final RoomServices services;

    Delegations(RoomServices services) {
        this.services = services;
    }

    /** Does the work in the calling thread. */
    <R extends Record> Outcome<R> delegate(AgentCalls.Call caller, Delegation<R> work) {
        CallScript script = caller.script();
        String key = key(caller, work);
        boolean begun = script.replay(ScriptKind.DELEGATE, key).isPresent();
        CallScript child = script.child(script.nextChild());
        return delegate(caller, new Part<>(work, child), append -> {
            if (!begun) {
                script.record(append, ScriptKind.DELEGATE, key, "");
            }
        });
    }

    /** A piece of work, and what was recorded of it. */
    private record Part<R extends Record>(Delegation<R> work, CallScript script) {}

    private <R extends Record> Outcome<R> delegate(
            AgentCalls.Call caller, Part<R> part, Consumer<JournalAppend> record) {
        Optional<String> ended = part.script().ended();
        if (ended.isPresent()) {
            return again(caller, part, ended.get());
        }
        if (part.script().playedBy().filter(RunPlayer::isForgetful).isPresent()) {
            return interrupted(caller, part);
        }
        LiveRun run = caller.run();
        String name = shownName(part.work());
        OpenItems.SubAgent subAgent = services.output.openSubAgent(caller, name, record);
        End<R> end;
        try {
            String result = perform(caller, part, subAgent);
            end = new End<>(new Outcome.Completed<>(decode(caller, part.work(), result)), Outcomes.returned(result));
        } catch (FailedException failed) {
            end = failed(failed.fault);
        } catch (RunStoppedException stopped) {
            throw stopped;
        } catch (Throwable unexpected) {
            // Codec and catalog promise not to, but what a record does when it is read is the plugin's own.
            stopIfEnded(run);
            LOG.error("delegation failed agent={} exception={}", name, Faults.describe(unexpected));
            end = failed(new Faults.Fault(ErrorCode.INTERNAL, UNEXPECTED));
        } finally {
            services.board.threads().enter(run, Thread.currentThread(), caller.plugin());
        }
        String kept = end.kept();
        services.output.end(
                run,
                subAgent,
                event(subAgent, kept),
                append -> part.script().record(append, ScriptKind.ENDED, "", kept));
        return end.outcome();
    }

    /** What came of a piece of work, for its caller and for the script. */
    private record End<R extends Record>(Outcome<R> outcome, String kept) {}

    private static <R extends Record> End<R> failed(Faults.Fault fault) {
        return new End<>(
                new Outcome.Failed<>(fault.code(), fault.message()), Outcomes.failed(fault.code(), fault.message()));
    }

    private String event(OpenItems.SubAgent subAgent, String kept) {
        return Outcomes.failure(kept)
                .map(fault -> services.parts.events().subAgentError(subAgent.run(), fault.code(), fault.message()))
                .orElseGet(() -> services.parts.events().subAgentFinished(subAgent.run(), Outcomes.json(kept)));
    }

    private <R extends Record> Outcome<R> again(AgentCalls.Call caller, Part<R> part, String kept) {
        Optional<Faults.Fault> failure = Outcomes.failure(kept);
        if (failure.isPresent()) {
            return new Outcome.Failed<>(failure.get().code(), failure.get().message());
        }
        try {
            return new Outcome.Completed<>(decode(caller, part.work(), Outcomes.json(kept)));
        } catch (FailedException mismatch) {
            throw caller.script().diverged("had a result that cannot be read any more");
        }
    }

    /** An agent that cannot be played again is not called again: nobody knows what it has done. */
    private <R extends Record> Outcome<R> interrupted(AgentCalls.Call caller, Part<R> part) {
        End<R> end = failed(new Faults.Fault(
                ErrorCode.INTERRUPTED, "The agent \"" + shownName(part.work()) + "\" was interrupted."));
        services.output.publish(
                caller.run(), append -> part.script().record(append, ScriptKind.ENDED, "", end.kept()));
        return end.outcome();
    }

    private static String shownName(Delegation<?> work) {
        return WellFormed.text(WellFormed.cut(work.agent(), 64));
    }

    /** By what a piece of work is known again. */
    private static String key(AgentCalls.Call caller, Delegation<?> work) {
        if (!caller.script().isRecorded()) {
            return "";
        }
        String files = work.attachments().stream().map(file -> file.id().value()).collect(Collectors.joining(" "));
        return Digest.of(work.agent(), work.text(), files, work.data().map(data -> json(caller, data)).orElse(""));
    }

    private static String json(AgentCalls.Call caller, Record data) {
        try {
            return caller.lease().records().encode(data);
        } catch (Throwable unusable) {
            // Nobody is called then: it is encoded again for the call, and fails there.
            return "";
        }
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

    private <R extends Record> String perform(AgentCalls.Call caller, Part<R> part, OpenItems.SubAgent subAgent)
            throws FailedException {
        Delegation<R> work = part.work();
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
                    Stream.concat(caller.path().stream(), Stream.of(work.agent())).toList(),
                    playedBy(caller.run(), part.script(), held.agent())));
            return switch (end) {
                case AgentCalls.End.Returned(String result) -> result;
                case AgentCalls.End.Failed(Faults.Fault fault) -> throw new FailedException(fault);
            };
        }
    }

    /** The script for a call of this agent, after it is recorded who plays it. */
    private CallScript playedBy(LiveRun run, CallScript script, HostedAgent agent) throws FailedException {
        if (!script.isRecorded()) {
            return script;
        }
        Optional<String> before = script.playedBy();
        if (before.isPresent()) {
            if (!RunPlayer.mayPlay(agent, before.get())) {
                throw new FailedException(
                        ErrorCode.INTERRUPTED,
                        "The agent \"" + agent.name() + "\" was interrupted and then replaced by another version.");
            }
            return script;
        }
        var written = services.output.publish(
                run, append -> script.record(append, ScriptKind.PLAYED_BY, "", RunPlayer.written(agent)));
        if (agent.resumable()) {
            return script;
        }
        // That it has begun is known after a crash only if it was written down before.
        RunOutput.awaitWritten(run, written);
        return script.withoutMemory();
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
        CallScript script = caller.script();
        String key = Digest.of(work.stream().map(one -> key(caller, one)).toArray(String[]::new));
        if (script.replay(ScriptKind.FAN, key).isEmpty() && script.isRecorded()) {
            services.output.record(caller, ScriptKind.FAN, key, "");
        }
        List<Supplier<Outcome<R>>> parts = new ArrayList<>();
        for (Delegation<R> one : work) {
            Part<R> part = new Part<>(one, script.child(script.nextChild()));
            parts.add(() -> delegate(caller, part, append -> {}));
        }
        DelegationFan<R> fan = new DelegationFan<>(services, caller, parts);
        // First they are at work, and then their caller waits: a run in which nobody seems to be at work while another
        // part of it asks the user would give up its place.
        for (int i = 0; i < services.parts.limits().run().delegationFanOut(); i++) {
            fan.startNext();
        }
        services.board.threads().pause(caller.run());
        try {
            return fan.awaitAll();
        } finally {
            if (!caller.run().ended) {
                services.board.threads().resume(caller.run());
            }
        }
    }
}
