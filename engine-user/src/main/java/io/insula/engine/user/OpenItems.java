package io.insula.engine.user;

import io.insula.engine.user.AgUiEvents.Author;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a run has begun and not ended, in the order begun, so that it can be closed in the reverse order before the run
 * ends. Guarded by the lock of the user's {@link RunBoard}.
 */
final class OpenItems {
    private final List<Item> items = new ArrayList<>();

    /** Something with an end. */
    sealed interface Item {
        /** Who began it. */
        Author author();
    }

    /** Something that is written piece by piece. */
    sealed interface Writing extends Item {
        String id();

        /** What was written so far, also what waits to be appended. */
        StringBuilder text();
    }

    /** A message to the user. */
    static final class Message implements Writing {
        private final Author author;
        final String agent;
        private final String id;
        private final StringBuilder text = new StringBuilder();

        Message(Author author, String agent, String id) {
            this.author = author;
            this.agent = agent;
            this.id = id;
        }

        @Override
        public Author author() {
            return author;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public StringBuilder text() {
            return text;
        }
    }

    /** A thought. */
    static final class Thought implements Writing {
        private final Author author;
        private final String id;
        private final StringBuilder text = new StringBuilder();

        Thought(Author author, String id) {
            this.author = author;
            this.id = id;
        }

        @Override
        public Author author() {
            return author;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public StringBuilder text() {
            return text;
        }
    }

    /** A step. */
    record Step(Author author, String name) implements Item {}

    /** A tool call. */
    record ToolCall(Author author, String id) implements Item {}

    /** A sub-agent; its author is the one that called it. */
    record SubAgent(Author author, String run, String name) implements Item {}

    void open(Item item) {
        items.add(item);
    }

    /** Ends an item; false if it had been ended already. */
    boolean close(Item item) {
        int at = items.lastIndexOf(item);
        if (at >= 0) {
            items.remove(at);
        }
        return at >= 0;
    }

    /** A name that no open step of this author has: the name itself, or with a number. */
    String freeStepName(Author author, String name) {
        Set<String> taken = new HashSet<>();
        for (Item item : items) {
            if (item instanceof Step(Author by, String stepName) && by.equals(author)) {
                taken.add(stepName);
            }
        }
        String free = name;
        for (int number = 2; taken.contains(free); number++) {
            free = name + " (" + number + ")";
        }
        return free;
    }

    /** Takes out everything that is open, the latest first. */
    List<Item> takeAll() {
        return take(item -> true);
    }

    /** Takes out what this author has open, the latest first. */
    List<Item> takeOf(Author author) {
        return take(item -> item.author().equals(author));
    }

    private List<Item> take(Predicate<Item> wanted) {
        List<Item> taken = new ArrayList<>();
        for (int i = items.size() - 1; i >= 0; i--) {
            if (wanted.test(items.get(i))) {
                taken.add(items.remove(i));
            }
        }
        return taken;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** The author that a sub-agent's events carry. */
    static Author authorOf(String subAgentRun) {
        return new Author(Optional.of(subAgentRun));
    }
}
