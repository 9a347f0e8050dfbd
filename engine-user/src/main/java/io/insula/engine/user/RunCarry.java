package io.insula.engine.user;

import io.insula.agent.AgentInput;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run that has not ended needs to go on in another process.
 *
 * @param input what it was asked
 * @param attempt how often it was begun, from 1; 0 if nothing was carried
 * @param plugin what it was begun with; empty before it begins
 * @param worked how much of its time it has used
 */
record RunCarry(AgentInput input, int attempt, Optional<PluginVersion> plugin, Duration worked) {
    /** Stands for a run that nothing was carried of: it cannot go on. */
    static RunCarry nothing() {
        return new RunCarry(new AgentInput("", List.of()), 0, Optional.empty(), Duration.ZERO);
    }

    /** The same run, begun with this. */
    RunCarry beganWith(Optional<PluginVersion> player) {
        return new RunCarry(input, attempt, player, worked);
    }

    /** The same run, after it has used so much of its time. */
    RunCarry worked(Duration time) {
        return new RunCarry(input, attempt, plugin, time);
    }
}
