package io.insula.engine.user;

import io.insula.agent.hosting.HostedAgent;

/** What plays a sub-agent, as a script keeps it: a version of a plugin, or an agent that cannot be played again. */
final class RunPlayer {
    private static final String FORGETFUL = "";

    private RunPlayer() {}

    static String written(HostedAgent agent) {
        return agent.resumable() ? agent.version() + "\n" + agent.plugin() : FORGETFUL;
    }

    /** Whether it was an agent that cannot be played again. */
    static boolean isForgetful(String written) {
        return written.equals(FORGETFUL);
    }

    /** Whether the agent may take up what was begun. */
    static boolean mayPlay(HostedAgent agent, String written) {
        int end = written.indexOf('\n');
        return end >= 0 && agent.canResume(written.substring(end + 1), written.substring(0, end));
    }
}
