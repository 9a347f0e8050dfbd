package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Says its marker again and again: {@code count} pieces of {@code marker}. */
@Extension
@AgentInfo(name = "echo", summary = "Says a marker in many pieces")
public final class EchoAgent implements Agent {
    /**
     * What was said.
     *
     * @param marker the marker
     * @param count how often
     */
    public record Echoed(String marker, int count) {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        var parameters = Parameters.of(context.input().text());
        String marker = parameters.text("marker", "echo");
        int count = parameters.number("count", 1);
        try (var message = context.message()) {
            for (int i = 0; i < count; i++) {
                message.write("[" + marker + "#" + i + "]");
            }
        }
        return AgentResult.of(new Echoed(marker, count));
    }
}
