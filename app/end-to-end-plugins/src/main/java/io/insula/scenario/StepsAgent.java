package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import org.pf4j.Extension;

/** Shows everything that an agent can show: thoughts, nested steps of one name, tools, progress, a sub-agent. */
@Extension
@AgentInfo(name = "steps", summary = "Shows everything that an agent can show")
public final class StepsAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws Exception {
        context.think("a whole thought");
        try (var thought = context.thought()) {
            thought.write("a thought ");
            thought.write("in pieces");
        }
        context.step("work", () -> {
            context.progress("half", 1, 2);
            context.step("work", () -> context.say("a step within a step of the same name"));
            context.call("mark", "{\"marker\": \"by name\"}");
        });
        try (var first = context.message();
                var second = context.message()) {
            first.write("two messages ");
            second.write("at the same time ");
            first.write("are written");
            second.write("and read");
        }
        context.delegate(Delegation.to("marked", MarkedAgent.Seen.class).withText("marker=below")).orFail();
        context.say("done");
        return AgentResult.done();
    }
}
