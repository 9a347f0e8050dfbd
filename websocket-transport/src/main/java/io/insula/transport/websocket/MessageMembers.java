package io.insula.transport.websocket;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of one message, which hands them out only in the form in which they are wanted. */
final class MessageMembers {
    private static final int MAX_NAME_LENGTH = 128;
    private static final int MAX_CURSOR_LENGTH = 512;
    private static final int MAX_ATTACHMENTS = 64;
    private static final int UUID_LENGTH = 36;
    private static final int MAX_ECHO_LENGTH = 32;

    private final String type;
    private final String id;
    private final Map<String, Member> members;

    MessageMembers(String type, String id, Map<String, Member> members) {
        this.type = type;
        this.id = id;
        this.members = members;
    }

    String id() {
        return id;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    void allowOnly(Set<String> known) throws UnreadableMessage {
        for (String name : members.keySet()) {
            if (!known.contains(name) && !name.equals("type") && !name.equals("id")) {
                throw invalid("\"" + type + "\" has no member " + echo(name) + "; it has: id"
                        + String.join("", new TreeSet<>(known).stream().map(n -> ", " + n).toList()) + ".");
            }
        }
    }

    String text(String name) throws UnreadableMessage {
        return optionalText(name).orElseThrow(() -> invalid("\"" + name + "\" is missing; it must be a string."));
    }

    Optional<String> optionalText(String name) throws UnreadableMessage {
        Member member = members.get(name);
        if (member == null) {
            return Optional.empty();
        }
        if (member instanceof Member.Text text) {
            return Optional.of(text.value());
        }
        throw invalid("\"" + name + "\" must be a string.");
    }

    /** A word of at most {@value #MAX_NAME_LENGTH} characters. */
    String name(String name) throws UnreadableMessage {
        return checkLength(name, text(name), MAX_NAME_LENGTH);
    }

    Optional<String> optionalName(String name) throws UnreadableMessage {
        Optional<String> value = optionalText(name);
        if (value.isPresent()) {
            checkLength(name, value.get(), MAX_NAME_LENGTH);
        }
        return value;
    }

    UUID uuid(String name) throws UnreadableMessage {
        String text = text(name);
        try {
            UUID uuid = UUID.fromString(text);
            // The library also takes shortened forms, of which one value has several.
            if (text.length() == UUID_LENGTH) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            throw invalid("\"" + name + "\" must be a UUID of 36 characters.");
        }
        throw invalid("\"" + name + "\" must be a UUID of 36 characters.");
    }

    RunId run() throws UnreadableMessage {
        return id("run", text("run"), RunId::new);
    }

    Optional<RunId> optionalRun() throws UnreadableMessage {
        return has("run") ? Optional.of(run()) : Optional.empty();
    }

    ThreadId thread() throws UnreadableMessage {
        return id("thread", text("thread"), ThreadId::new);
    }

    Optional<ThreadId> optionalThread() throws UnreadableMessage {
        return has("thread") ? Optional.of(thread()) : Optional.empty();
    }

    Optional<ThreadId> optionalNewThread() throws UnreadableMessage {
        return has("newThread") ? Optional.of(id("newThread", text("newThread"), ThreadId::new)) : Optional.empty();
    }

    List<AttachmentId> attachments() throws UnreadableMessage {
        Member member = members.get("attachments");
        if (member == null) {
            return List.of();
        }
        if (!(member instanceof Member.Texts texts) || texts.values().size() > MAX_ATTACHMENTS) {
            throw invalid("\"attachments\" must be an array of at most " + MAX_ATTACHMENTS + " ids.");
        }
        List<AttachmentId> ids = new ArrayList<>();
        for (String value : texts.values()) {
            ids.add(id("attachments", value, AttachmentId::new));
        }
        return ids;
    }

    PageRequest page() throws UnreadableMessage {
        Optional<String> after = optionalText("after");
        if (after.isPresent()) {
            checkLength("after", after.get(), MAX_CURSOR_LENGTH);
        }
        Member size = members.get("size");
        if (size == null) {
            return new PageRequest(after, PageRequest.DEFAULT_SIZE);
        }
        if (size instanceof Member.Whole whole && whole.value() >= 1 && whole.value() <= PageRequest.MAX_SIZE) {
            return new PageRequest(after, (int) whole.value());
        }
        throw invalid("\"size\" must be a whole number from 1 to " + PageRequest.MAX_SIZE + ".");
    }

    Optional<Position> position(String name) {
        return members.get(name) instanceof Member.Place place ? Optional.of(place.position()) : Optional.empty();
    }

    @Nullable
    Member member(String name) {
        return members.get(name);
    }

    /** One of the values of an enum, written in lower case with hyphens; the first if it is left out. */
    <E extends Enum<E>> E choice(String name, List<E> values) throws UnreadableMessage {
        Optional<String> word = optionalText(name);
        if (word.isEmpty()) {
            return values.getFirst();
        }
        for (E value : values) {
            if (word(value).equals(word.get())) {
                return value;
            }
        }
        throw invalid("\"" + name + "\" must be one of: "
                + String.join(", ", values.stream().map(MessageMembers::word).toList()) + ".");
    }

    UnreadableMessage invalid(String message) {
        return new UnreadableMessage(ErrorCode.FIELD_INVALID, message, Optional.of(id));
    }

    /** How a value of an enum is written. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A name as it may be shown: one that could hide something, or a token in the wrong place, is not. */
    static String echo(String name) {
        boolean plain = name.length() <= MAX_ECHO_LENGTH
                && name.chars()
                        .allMatch(c -> c == '.' || c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
        return plain ? "\"" + name + "\"" : "of that name";
    }

    private <T> T id(String name, String value, Function<String, T> make) throws UnreadableMessage {
        try {
            return make.apply(value);
        } catch (IllegalArgumentException e) {
            throw invalid("\"" + name + "\" must be 1 to " + RunId.MAX_LENGTH + " letters, digits and . _ ~ : -");
        }
    }

    private String checkLength(String name, String value, int maxLength) throws UnreadableMessage {
        if (value.isEmpty() || value.length() > maxLength) {
            throw invalid("\"" + name + "\" must have 1 to " + maxLength + " characters.");
        }
        return value;
    }
}
