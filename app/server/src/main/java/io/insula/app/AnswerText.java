package io.insula.app;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The messages of a run, one after another. Of messages that are written at the same time the first is shown live, and
 * the others follow when it has ended. Confined to one thread.
 */
final class AnswerText {
    /** Waiting text of one message; beyond it the rest is left out, and that is said. */
    static final int MOST_WAITING_CHARACTERS = 4 << 20;

    private static final class Message {
        private final StringBuilder waiting = new StringBuilder();
        private boolean cut;
        private boolean ended;
    }

    private final Screen screen;
    private final SequencedMap<String, Message> messages = new LinkedHashMap<>();
    private boolean anyShown;
    private boolean live;

    AnswerText(Screen screen) {
        this.screen = screen;
    }

    void begin(String id) {
        messages.put(id, new Message());
    }

    void add(String id, String text) {
        var message = messages.get(id);
        if (message == null) {
            return;
        }
        if (message == messages.firstEntry().getValue()) {
            show(text);
        } else if (message.waiting.length() + text.length() <= MOST_WAITING_CHARACTERS) {
            message.waiting.append(text);
        } else {
            message.cut = true;
        }
    }

    void end(String id) {
        var message = messages.get(id);
        if (message == null) {
            return;
        }
        message.ended = true;
        while (!messages.isEmpty() && messages.firstEntry().getValue().ended) {
            messages.pollFirstEntry();
            finish();
            showWaiting();
        }
    }

    /** Ends whatever is open. */
    void close() {
        while (!messages.isEmpty()) {
            messages.pollFirstEntry();
            finish();
            showWaiting();
        }
    }

    private void showWaiting() {
        if (messages.isEmpty()) {
            return;
        }
        var next = messages.firstEntry().getValue();
        show(next.waiting.toString());
        if (next.cut) {
            show("\n[the rest of this message was too long to keep]");
        }
    }

    private void show(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (!live && anyShown) {
            screen.answer("\n");
        }
        live = true;
        anyShown = true;
        screen.answer(PrintableText.block(text));
    }

    private void finish() {
        screen.endAnswerLine();
        live = false;
    }
}
