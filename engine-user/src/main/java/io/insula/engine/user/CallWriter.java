package io.insula.engine.user;

import java.util.List;
import java.util.Optional;

/**
 * A message or thought of a call. Of one that was shown before the run was interrupted, what is written is first taken
 * as said, and the rest is shown as another. Used by the thread of the call.
 */
final class CallWriter {
    private final RunOutput output;
    private final AgentCalls.Call call;
    private final Type type;
    private final ShownText shown;
    private final String first;
    private Optional<OpenItems.Writing> open;

    /** What is written. */
    enum Type {
        MESSAGE(ScriptKind.MESSAGE, ScriptKind.MESSAGE_END), THOUGHT(ScriptKind.THOUGHT, ScriptKind.THOUGHT_END);

        private final ScriptKind begin;
        private final ScriptKind end;

        Type(ScriptKind begin, ScriptKind end) {
            this.begin = begin;
            this.end = end;
        }
    }

    /** Begins one, or takes up one that was begun before. */
    CallWriter(RunOutput output, AgentCalls.Call call, Type type) {
        this.output = output;
        this.call = call;
        this.type = type;
        Optional<String> before = call.script().replay(type.begin, "");
        if (before.isPresent()) {
            this.first = before.get();
            this.shown = call.script().shown(first);
            this.open = Optional.empty();
        } else {
            OpenItems.Writing item = output.open(
                    call, type, (append, id) -> call.script().record(append, type.begin, "", id));
            this.first = item.id();
            this.shown = new ShownText(List.of(), false);
            this.open = Optional.of(item);
        }
    }

    void write(String text) {
        String rest = take(text);
        if (rest.isEmpty()) {
            return;
        }
        if (open.isEmpty()) {
            open = Optional.of(output.open(
                    call, type, (append, id) -> call.script().record(append, ScriptKind.REST, first, id)));
        }
        output.write(call.run(), open.get(), rest);
    }

    private String take(String text) {
        try {
            return shown.take(text);
        } catch (ShownText.OtherTextException other) {
            throw call.script().diverged("was to write a text and writes another");
        }
    }

    void close() {
        if (call.script().replay(type.end, first).isPresent()) {
            if (!shown.isTaken()) {
                throw call.script().diverged("was to write a text and writes less of it");
            }
            return;
        }
        String written = ShownText.Piece.of(open.isPresent() ? open.get().text() : "").written();
        output.close(call.run(), open, append -> call.script().record(append, type.end, first, written));
    }
}
