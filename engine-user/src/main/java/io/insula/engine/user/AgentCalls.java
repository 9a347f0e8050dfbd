package io.insula.engine.user;

import io.insula.agent.Agent;
import io.insula.agent.AgentInput;
import io.insula.agent.AgentResult;
import io.insula.agent.RunStoppedException;
import io.insula.agent.UserId;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.PluginFaultException;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.AgUiEvents.Author;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls agents: the only place that does. */
final class AgentCalls {
    private final UserId user;
    private final RoomParts parts;
    private final RunBoard board;
    private final RoomServices services;

    AgentCalls(UserId user, RoomParts parts, RunBoard board, RoomServices services) {
        this.user = user;
        this.parts = parts;
        this.board = board;
        this.services = services;
    }

    /**
     * One call of an agent.
     *
     * @param run the run it is a part of
     * @param lease the version that is called
     * @param hosted what the lease holds, known also when it has been given back
     * @param input what it is asked
     * @param data typed input as JSON
     * @param author who its events are from
     * @param path the agents at work above it and itself, the run's own first
     * @param script what it did before and does now, if that is recorded
     */
    record Call(
            LiveRun run,
            AgentLease lease,
            HostedAgent hosted,
            AgentInput input,
            Optional<String> data,
            Author author,
            List<String> path,
            CallScript script) {
        String agent() {
            return hosted.name();
        }

        String plugin() {
            return hosted.plugin();
        }
    }

    /** What came of a call. */
    sealed interface End {
        /** It returned; the result is JSON. */
        record Returned(String result) implements End {}

        /** It failed. */
        record Failed(Faults.Fault fault) implements End {}
    }

    /**
     * Makes the agent and calls it, in this thread.
     *
     * @throws RunStoppedException if the run has ended, whatever the agent did
     */
    End call(Call call) {
        CallScope scope = new CallScope(user, call.run());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        RunContext context = new RunContext(call, scope, services);
        try {
            board.threads().enter(call.run(), thread, call.plugin());
            stopIfEnded(call.run());
            thread.setContextClassLoader(call.lease().loader());
            Agent agent = call.lease().newAgent();
            @Nullable
            AgentResult result = scope.bound(() -> agent.run(context));
            stopIfEnded(call.run());
            call.script().requireFinished();
            return returned(call, result);
        } catch (PluginFaultException fault) {
            stopIfEnded(call.run());
            return new End.Failed(new Faults.Fault(
                    ErrorCode.AGENT_FAILED, "The agent \"" + call.agent() + "\" could not be made."));
        } catch (Throwable thrown) {
            stopIfEnded(call.run());
            call.script().requireFinished();
            return new End.Failed(Faults.ofAgent(thrown, call.agent(), call.plugin()));
        } finally {
            thread.setContextClassLoader(before);
            context.closeFiles();
        }
    }

    /** Of a run that has ended nothing counts any more, neither a result nor a failure. */
    private static void stopIfEnded(LiveRun run) {
        if (run.ended) {
            throw new RunStoppedException();
        }
        // An agent may leave its thread interrupted: that is not to hit who called it.
        if (Thread.interrupted() && run.ended) {
            throw new RunStoppedException();
        }
    }

    private End returned(Call call, @Nullable AgentResult result) {
        if (result == null) {
            return failed(ErrorCode.AGENT_FAILED, "The agent \"" + call.agent() + "\" returned no result.");
        }
        try {
            String json = call.lease().records().encode(result.data());
            if (json.length() > parts.limits().run().toolResultBytes()) {
                return failed(ErrorCode.RESULT_TOO_LARGE, "The result of \"" + call.agent() + "\" is too large.");
            }
            return new End.Returned(json);
        } catch (RecordMismatchException mismatch) {
            return failed(ErrorCode.AGENT_FAILED, "The agent \"" + call.agent() + "\" returned an unusable result.");
        }
    }

    private static End failed(ErrorCode code, String message) {
        return new End.Failed(new Faults.Fault(code, message));
    }
}
