package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.RunStoppedException;
import org.pf4j.Extension;

/** Does not take a stop for an answer: goes on saying things after it. */
@Extension
@AgentInfo(name = "late-emitter", summary = "Goes on after a stop")
public final class LateEmitterAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws InterruptedException {
        context.say("waiting");
        try {
            Waiting.untilInterrupted();
        } catch (InterruptedException e) {
            int refused = 0;
            for (int i = 0; i < 1_000; i++) {
                refused += emit(context, i);
            }
            if (refused < 1_000) {
                throw new IllegalStateException("only " + refused + " of 1,000 late words were refused", e);
            }
        }
        return AgentResult.done();
    }

    private static int emit(AgentContext context, int i) {
        try {
            context.say("late word " + i);
            return 0;
        } catch (RunStoppedException e) {
            return 1;
        }
    }
}
