package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.engine.api.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the thread of a run does, from its first to its last moment. */
final class RunWork {
    private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);

    private final RoomServices services;
    private final RunRevival revival;
    private final AgentWait agents;

    RunWork(RoomServices services) {
        this.services = services;
        this.revival = new RunRevival(services);
        this.agents = new AgentWait(services.parts);
    }

    /** Does the run; whatever happens, it has ended afterwards and its thread is accounted for. */
    void perform(LiveRun run) {
        try {
            services.board.end(run, ending(run));
        } catch (RunStoppedException stopped) {
            assert run.ended;
        } catch (Throwable failure) {
            LOG.error("run failed inside the platform", failure);
            services.board.end(run, new Ending.Failed(ErrorCode.INTERNAL, "The run failed inside the platform."));
        } finally {
            services.board.threads().leave(run, Thread.currentThread());
        }
    }

    private Ending ending(LiveRun run) {
        Optional<AgentLease> lease = agents.lease(run);
        if (lease.isEmpty()) {
            List<String> loaded = services.parts.catalog().agents().stream()
                    .map(HostedAgent::name)
                    .toList();
            return new Ending.Failed(ErrorCode.AGENT_UNKNOWN, Refusals.unknownAgent(run.agent, loaded));
        }
        try (AgentLease held = lease.get()) {
            if (services.board.isUnhealthy(held.agent().plugin())) {
                return new Ending.Failed(
                        ErrorCode.PLUGIN_UNHEALTHY, "Too many runs of the plugin do not end when stopped.");
            }
            Optional<Ending> refusal = revival.refusal(run, held.agent());
            if (refusal.isPresent()) {
                return refusal.get();
            }
            AgentCalls.End end = services.agents.call(new AgentCalls.Call(
                    run,
                    held,
                    held.agent(),
                    run.input,
                    Optional.empty(),
                    AgUiEvents.Author.RUN,
                    List.of(run.agent),
                    revival.script(run, held.agent())));
            return switch (end) {
                case AgentCalls.End.Returned(String result) -> new Ending.Returned(result);
                case AgentCalls.End.Failed(Faults.Fault fault) -> new Ending.Failed(fault.code(), fault.message());
            };
        }
    }
}
