package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.Question;
import io.insula.agent.ToolCallException;
import java.util.ArrayList;
import java.util.List;
import org.pf4j.Extension;

/**
 * Judges whether the data suffices; without any it asks the user for the file.
 *
 * <p>Returns a {@link Triage}. Called by a user it says what it found. Fails with {@code log-unusable} if no row of the
 * file can be used, with {@code log-missing} if the user answers without a log.
 */
@Extension
@AgentInfo(name = "triage", summary = "Judges whether a usage log suffices to say where the spend on language models goes.", resumable = true)
public final class TriageAgent implements Agent {
    /** Made for one run. */
    public TriageAgent() {}

    /**
     * Says that the caller is another agent.
     *
     * @param question what the user asked
     */
    record Request(String question) {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        LogChoice choice = LogChoice.of(context);
        if (choice.log().isEmpty()) {
            context.think("There is no usage log yet, so I ask for one.");
            choice = choice
                    .answeredBy(context.ask(new Question.Files("Which usage log shall I read? Attach it as CSV with a"
                            + " header, or as JSON lines (one object per line). " + Words.COLUMNS_THAT_HELP
                            + " To use your own prices, attach a second file named prices.csv (model, input, output: US dollars per"
                            + " million tokens).")));
        }
        Attachment log = choice.log().orElseThrow(Failures::noLog);
        Triage triage = judge(choice, log, inspect(context, log).shape());
        context.think(thought(triage));
        if (context.data(Request.class).isEmpty()) {
            context.say(words(triage));
        }
        return AgentResult.of(triage);
    }

    private static InspectUsageLogTool.Output inspect(AgentContext context, Attachment log) throws AgentFailure {
        try {
            return context.call(InspectUsageLogTool.class, new InspectUsageLogTool.Input(log));
        } catch (ToolCallException e) {
            throw Failures.of(e);
        }
    }

    private static Triage judge(LogChoice choice, Attachment log, LogShape shape) {
        List<String> canSay = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        boolean cost = shape.has(Field.COST);
        boolean tokens = shape.hasInput() && shape.has(Field.OUTPUT_TOKENS);
        canSay.add(cost ? "what it cost, from the log's own column" : "what it cost, at list prices");
        note(shape.hasInput(), "input tokens per request", "input tokens: no percentiles, no trimming of contexts",
                canSay, missing);
        note(shape.has(Field.OUTPUT_TOKENS), "output tokens per request", "output tokens: no percentiles, no cap",
                canSay, missing);
        note(shape.has(Field.MODEL), "cost by model",
                "model: no cost by model and no routing to a smaller one"
                        + (cost ? "" : "; everything is priced at one reference model"),
                canSay, missing);
        note(shape.has(Field.TIME), "load per minute and hour",
                "time: no load, no peak, nothing on reserved throughput", canSay,
                missing);
        note(shape.hasCached(), "what caching adds", "cached tokens: nothing on caching", canSay, missing);
        note(shape.has(Field.USER), "cost by user", "user: no cost by user or team", canSay, missing);
        note(shape.has(Field.LATENCY), "latency", "latency: no times per request", canSay, missing);
        List<String> notes = new ArrayList<>();
        for (Attachment other : choice.passedOver()) {
            notes.add("\"" + Words.shown(other.name()) + "\" was not read: one log at a time");
        }
        boolean sufficient = tokens && shape.has(Field.MODEL) && shape.has(Field.TIME);
        return new Triage(sufficient ? Triage.Verdict.SUFFICIENT : Triage.Verdict.PARTIAL, log, choice.prices(),
                shape.format(),
                canSay, missing, notes);
    }

    private static void note(boolean there, String said, String lost, List<String> canSay, List<String> missing) {
        if (there) {
            canSay.add(said);
        } else {
            missing.add(lost);
        }
    }

    private static String thought(Triage triage) {
        String verdict = switch (triage.verdict()) {
            case SUFFICIENT -> "The data suffices. ";
            case PARTIAL -> "The data suffices for a part. ";
        };
        return verdict + triage.format() + "." + (triage.missing().isEmpty() ? "" : " Missing: "
                + String.join("; ", triage.missing()) + ".");
    }

    private static String words(Triage triage) {
        var words = new StringBuilder("**" + Markdown.text(Words.shown(triage.log().name())) + "**: ");
        words.append(Markdown.text(thought(triage))).append("\n\nIt can say:\n");
        triage.canSay().forEach(said -> words.append("- ").append(said).append('\n'));
        triage.notes().forEach(note -> words.append("\nNote: ").append(Markdown.text(note)).append('\n'));
        return words.append("\nAsk `cost-advisor` for the whole report.\n").toString();
    }
}
