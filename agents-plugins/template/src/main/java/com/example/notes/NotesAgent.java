package com.example.notes;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import org.pf4j.Extension;

/**
 * Keeps what the user writes, once the user has agreed; without a text, tells what is kept.
 *
 * <p>It may be resumed: all that it does goes through its context, in an order that depends on nothing else.
 */
@Extension
@AgentInfo(name = "notes", summary = "Keeps your notes and tells them again", resumable = true)
public final class NotesAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        var note = context.input().text().strip();
        if (note.isEmpty()) {
            tell(context);
            return AgentResult.done();
        }
        var counted = context.call(CountWordsTool.class, new CountWordsTool.Words(note));
        if (!context.ask(new Question.Approval("Shall I keep this note of " + counted.count() + " words?"))) {
            context.say("Then I forget it.");
            return AgentResult.done();
        }
        context.store().put("note-" + context.store().names().size(), note);
        context.say("Kept.");
        return AgentResult.of(counted);
    }

    private static void tell(AgentContext context) {
        var store = context.store();
        var names = store.names();
        if (names.isEmpty()) {
            context.say("There are no notes yet.");
        }
        for (var name : names) {
            store.get(name).ifPresent(note -> context.say("- " + note));
        }
    }
}
