package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Counts its user's visits in the store, and says what the conversation was. */
@Extension
@AgentInfo(name = "remember", summary = "Counts visits and repeats the conversation")
public final class RememberAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        int visits = Integer.parseInt(context.store().get("visits").orElse("0")) + 1;
        context.store().put("visits", Integer.toString(visits));
        var words = new StringBuilder("visit ").append(visits);
        for (var message : context.conversation(100)) {
            words.append('|').append(message.role()).append(':').append(message.text());
        }
        context.say(words.toString());
        return AgentResult.done();
    }
}
