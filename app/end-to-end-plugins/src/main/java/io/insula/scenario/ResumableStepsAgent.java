package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.ToolCallException;
import java.util.ArrayList;
import java.util.List;
import org.pf4j.Extension;

/**
 * Does everything that a resumable agent can do, and shows the same wherever it is interrupted: pieces of a message,
 * tools that read and write, the store, the time, parallel sub-agents, and a question if {@code ask=yes}.
 *
 * <p>Of {@code marker} it says {@code count} pieces {@code [marker#i]}, each after {@code pause} milliseconds, and its
 * parts say theirs, each after {@code part-pause}; then {@code approval: } and the answer, if it asks; then
 * {@code done marker}. If anything was done twice it says so.
 */
@Extension
@AgentInfo(name = "resumable-steps", summary = "Does everything that survives a crash", resumable = true)
public final class ResumableStepsAgent implements Agent {
    private static final int PARTS = 3;

    @Override
    public AgentResult run(AgentContext context) throws Exception {
        var parameters = Parameters.of(context.input().text());
        String marker = parameters.text("marker", "none");
        int pause = parameters.number("pause", 0);
        context.think("begun at " + context.now() + " with " + context.timeLeft());
        context.step("stream", () -> {
            context.call(MarkTool.class, new MarkTool.Input(marker));
            write(context, marker, parameters.number("count", 20), pause);
            context.progress("streamed", 1, 2);
        });
        count(context, marker);
        context.store().put("latest", marker);
        int partPause = parameters.number("part-pause", pause);
        context.step("parts", () -> delegate(context, marker, partPause));
        if (parameters.text("ask", "no").equals("yes")) {
            context.say("approval: " + context.ask(new Question.Approval("Go on with " + marker + "?")));
        }
        if (CountTool.of(context, marker) > 1) {
            context.say("counted twice");
        }
        context.say("done " + marker);
        return AgentResult.of(new ResumablePartAgent.Done(marker));
    }

    private static void delegate(AgentContext context, String marker, int pause) throws AgentFailure {
        List<Delegation<ResumablePartAgent.Done>> work = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            work.add(Delegation.to("resumable-part", ResumablePartAgent.Done.class)
                    .withText("marker=" + marker + "-" + i + " pause=" + pause));
        }
        int part = 0;
        for (Outcome<ResumablePartAgent.Done> outcome : context.delegateAll(work)) {
            String wanted = marker + "-" + part++;
            if (!outcome.orFail().marker().equals(wanted)) {
                context.say("another part than " + wanted);
            }
        }
    }

    /** Counts the marker once, whatever happens to the call. */
    static void count(AgentContext context, String marker) {
        try {
            if (context.call(CountTool.class, new CountTool.Input(marker)).calls() > 1) {
                context.say("counted twice");
            }
        } catch (ToolCallException interrupted) {
            if (!interrupted.code().equals("interrupted")) {
                throw interrupted;
            }
            context.think("counted or not");
        }
    }

    /** Writes a message piece by piece. */
    static void write(AgentContext context, String marker, int count, int pause) throws InterruptedException {
        try (var message = context.message()) {
            for (int i = 0; i < count; i++) {
                Waiting.milliseconds(pause);
                message.write("[" + marker + "#" + i + "]");
            }
        }
    }
}
