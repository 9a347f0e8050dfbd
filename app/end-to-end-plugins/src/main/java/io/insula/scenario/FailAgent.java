package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import java.io.IOException;
import org.pf4j.Extension;

/** Fails in the way of {@code how}, with a message, a thought and a step left open. */
@Extension
@AgentInfo(name = "fail", summary = "Fails in the way that is asked for")
public final class FailAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws Exception {
        var parameters = Parameters.of(context.input().text());
        String how = parameters.text("how", "failure");
        String secret = parameters.text("secret", "none");
        context.thought().write("this will not end well");
        context.message().write("failing by " + how);
        context.step("failing", () -> fail(context, how, secret));
        return nothing();
    }

    private static void fail(AgentContext context, String how, String secret) throws Exception {
        switch (how) {
            case "failure" -> throw new AgentFailure("foreseen", "This was to be expected.");
            case "runtime" -> throw new IllegalStateException(Secrets.text(secret));
            case "checked" -> throw new IOException(Secrets.text(secret));
            case "error" -> throw new AssertionError(Secrets.text(secret));
            case "overflow" -> throw new AgentFailure("unreachable", "depth " + deeper(0));
            case "memory" -> throw new OutOfMemoryError(Secrets.text(secret));
            case "tool-failure" -> context.call(FailTool.class, new FailTool.Input(true, secret));
            case "tool-runtime" -> context.call(FailTool.class, new FailTool.Input(false, secret));
            case "tool-unknown" -> context.call("no-such-tool", "{}");
            case "tool-arguments" -> context.call("fail", "{\"foreseen\": \"perhaps\", \"more\": 1}");
            case "sub-agent-unknown" -> context.delegate(Delegation.to("no-such-agent")).orFail();
            case "sub-agent-runtime" -> context.delegate(Delegation.to("fail-below").withText("secret=" + secret))
                    .orFail();
            case "null" -> context.say("nothing follows");
            default -> throw new AgentFailure("parameters", "There is no way to fail called " + how + ".");
        }
    }

    private static int deeper(int depth) {
        return depth < 0 ? depth : deeper(depth + 1) + deeper(depth + 2);
    }

    @SuppressWarnings("NullAway") // the scenario is an agent that breaks this very rule
    private static AgentResult nothing() {
        return null;
    }
}
