package io.insula.engine.user;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;

/** Keeps its input as a note of its plugin, and says so. */
final class NoteTaker implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        context.store().put("note", context.input().text());
        context.say("kept " + context.input().text());
        return AgentResult.done();
    }
}
