package com.example.notes;

import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import org.pf4j.Extension;

/** Counts words. It only reads, so that it may be called again when a run is resumed. */
@Extension
@ToolInfo(name = "count-words", summary = "Counts the words of a text", effect = Effect.READS)
public final class CountWordsTool implements Tool<CountWordsTool.Words, CountWordsTool.Count> {
    /**
     * The arguments.
     *
     * @param text what is counted
     */
    public record Words(@Describe("the text whose words are counted") String text) {}

    /**
     * The result.
     *
     * @param count how many words there are
     */
    public record Count(int count) {}

    @Override
    public Count call(Words input, ToolContext context) {
        var text = input.text().strip();
        return new Count(text.isEmpty() ? 0 : text.split("\\s+", -1).length);
    }
}
