package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Puts its marker into everything that a run can show: a thought, a step, a message, a tool call, a sub-agent, the store
 * and the result. It says aloud whatever it finds of somebody else.
 */
@Extension
@AgentInfo(name = "marked", summary = "Puts a marker into everything that a run can show")
public final class MarkedAgent implements Agent {
    /**
     * What the run saw.
     *
     * @param marker its own marker
     * @param subject the user that it was run for
     */
    public record Seen(String marker, String subject) {}

    @Override
    public AgentResult run(AgentContext context) throws Exception {
        var parameters = Parameters.of(context.input().text());
        String marker = parameters.text("marker", "none");
        int count = parameters.number("count", 3);
        String subject = context.user().subject();
        context.think("thinking " + marker);
        Optional<String> before = context.store().get("owner");
        if (before.isPresent() && !before.get().equals(subject)) {
            context.say("the store of " + subject + " holds " + before.get());
        }
        context.store().put("owner", subject);
        context.step("step " + marker, () -> {
            try (var message = context.message()) {
                for (int i = 0; i < count; i++) {
                    message.write("[" + marker + "#" + i + "]");
                }
            }
        });
        var marked = context.call(MarkTool.class, new MarkTool.Input(marker));
        var echoed = context
                .delegate(Delegation.to("echo", EchoAgent.Echoed.class).withText("marker=" + marker + " count=2"))
                .orFail();
        for (var message : context.conversation(5)) {
            context.say("remembered " + message.text());
        }
        if (!marked.marker().equals(marker) || !echoed.marker().equals(marker)) {
            context.say("tool said " + marked.marker() + ", sub-agent said " + echoed.marker());
        }
        return AgentResult.of(new Seen(marker, subject));
    }
}
