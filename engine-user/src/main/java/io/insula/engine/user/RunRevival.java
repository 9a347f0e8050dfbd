package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.agent.hosting.HostedAgent;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.EventJournal.Appended;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What comes before the call of an agent: it is recorded what plays it, or brought to mind what it did before. */
final class RunRevival {
    private final RoomServices services;

    RunRevival(RoomServices services) {
        this.services = services;
    }

    /** Why the agent must not take up the run; empty if it may. */
    Optional<Ending> refusal(LiveRun run, HostedAgent agent) {
        if (run.revival == LiveRun.Revival.NONE) {
            return Optional.empty();
        }
        boolean fits = run.carry.plugin()
                .filter(began -> agent.canResume(began.plugin(), began.version()))
                .isPresent();
        return fits
                ? Optional.empty()
                : Optional.of(new Ending.Failed(
                        ErrorCode.INTERRUPTED,
                        "The run was interrupted, and \"" + run.agent + "\" was replaced by another version since."));
    }

    /**
     * The script that the agent is called with. Waits until it is durable that the agent is called.
     *
     * @throws RunStoppedException if the run has ended
     */
    CallScript script(LiveRun run, HostedAgent agent) {
        return switch (run.revival) {
            case NONE -> first(run, agent);
            case ANSWERED -> again(run, agent, run.carry.attempt());
            case INTERRUPTED -> again(run, agent, run.carry.attempt() + 1);
        };
    }

    private CallScript first(LiveRun run, HostedAgent agent) {
        Optional<PluginVersion> player = agent.resumable() ? Optional.of(version(agent)) : Optional.empty();
        if (!player.equals(run.carry.plugin())) {
            // The plugin was replaced in the moment in which the run began.
            RunOutput.awaitWritten(run, services.output.publish(run, append -> {
                run.carry = run.carry.beganWith(player);
                append.change(new RecordChange.RunCarried(run.id, run.carry));
            }));
        }
        return player.isPresent()
                ? CallScript.of(run, services.board, new RunScript())
                : CallScript.unrecorded(run, services.board);
    }

    private static PluginVersion version(HostedAgent agent) {
        return new PluginVersion(agent.plugin(), agent.version());
    }

    private CallScript again(LiveRun run, HostedAgent agent, int attempt) {
        RunScript script = new RunScript(services.parts.journal().script(services.user, run.id));
        CompletionStage<Appended> written = services.output.publish(run, append -> {
            run.recordedBytes = script.bytes();
            services.endings.interrupt(run, append);
            for (RecordChange change : append.changes()) {
                if (change instanceof RecordChange.Scripted(var id, ScriptEntry entry)) {
                    script.read(entry);
                }
            }
            run.carry = new RunCarry(run.input, attempt, Optional.of(version(agent)), run.deadline.worked());
            append.event(run.thread, run.id, services.parts.events().resumed(attempt));
            append.change(new RecordChange.RunCarried(run.id, run.carry));
            append.change(new RecordChange.RunSaved(run.record()));
        });
        RunOutput.awaitWritten(run, written);
        run.begun.complete(true);
        return CallScript.of(run, services.board, script);
    }
}
