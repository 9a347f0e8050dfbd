package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

/**
 * Text of one run that waits while an append of the run is under way. Neighbouring pieces of one message become one
 * event, so that a busy journal writes few events and an idle one shows every piece at once.
 *
 * <p>Guarded by the room's lock.
 */
final class JoinedDeltas {
    private final int maxCharacters;
    private final List<Delta> waiting = new ArrayList<>();
    private int characters;

    private record Delta(OpenItems.Writing item, StringBuilder text) {}

    /**
     * Makes one that holds nothing.
     *
     * @param maxCharacters of what waits, and so of one event
     */
    JoinedDeltas(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /** Whether so much text must not wait with what is waiting already. */
    boolean isTooFullFor(String piece) {
        return !waiting.isEmpty() && characters + piece.length() > maxCharacters;
    }

    void add(OpenItems.Writing item, String piece) {
        characters += piece.length();
        if (!waiting.isEmpty() && waiting.getLast().item() == item) {
            waiting.getLast().text().append(piece);
        } else {
            waiting.add(new Delta(item, new StringBuilder(piece)));
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** What is to be appended now: what waits, and behind it the append given. */
    JournalAppend before(LiveRun run, AgUiEvents events, JournalAppend append) {
        if (waiting.isEmpty()) {
            return append;
        }
        JournalAppend whole = new JournalAppend();
        for (Delta delta : waiting) {
            whole.event(run.thread, run.id, content(events, delta));
        }
        clear();
        append.events().forEach(event -> whole.event(event.thread(), event.run(), event.json()));
        append.changes().forEach(whole::change);
        return whole;
    }

    /** Forgets what waits. */
    void clear() {
        waiting.clear();
        characters = 0;
    }

    private static String content(AgUiEvents events, Delta delta) {
        String text = delta.text().toString();
        return switch (delta.item()) {
            case OpenItems.Message message -> events.messageContent(message.author(), message.id(), text);
            case OpenItems.Thought thought -> events.thoughtContent(thought.author(), thought.id(), text);
        };
    }
}
