package io.insula.engine.user;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run has done so far, from what the journal keeps of it. Filled before the run goes on and only read then, by
 * any thread of the run.
 */
final class RunScript {
    private final Map<String, List<Operation>> operations = new HashMap<>();
    private final Map<String, String> playedBy = new HashMap<>();
    private final Map<String, String> ended = new HashMap<>();
    private final Map<String, ShownText.Piece> shown = new HashMap<>();
    private final Set<String> endedTexts = new HashSet<>();
    private final Map<String, List<String>> rests = new HashMap<>();
    private final Map<String, String> again = new HashMap<>();
    private final Map<String, String> answers = new HashMap<>();
    private long bytes;

    /** Something that an author did. */
    record Operation(ScriptKind kind, String key, String value) {}

    /** The script of a run that has done nothing yet. */
    RunScript() {}

    /**
     * Reads a script.
     *
     * @throws IllegalStateException if it is not one
     */
    RunScript(List<ScriptEntry> entries) {
        entries.forEach(this::read);
    }

    /** Makes an entry. The key has no line break. */
    static ScriptEntry entry(String author, ScriptKind kind, String key, String value) {
        return new ScriptEntry(author, kind.word(), key + "\n" + value);
    }

    /** What an entry takes of what may be recorded. */
    static long size(ScriptEntry entry) {
        return (long) entry.author().length() + entry.kind().length() + entry.content().length();
    }

    /** Adds an entry that is being appended. */
    void read(ScriptEntry entry) {
        ScriptKind kind = ScriptKind.of(entry.kind()).orElseThrow(() -> new IllegalStateException(
                "a script holds \"" + entry.kind() + "\", which this version does not know"));
        int end = entry.content().indexOf('\n');
        if (end < 0) {
            throw new IllegalStateException("a script's entry has no key");
        }
        bytes += size(entry);
        read(entry.author(), new Operation(kind, entry.content().substring(0, end),
                entry.content().substring(end + 1)));
    }

    private void read(String author, Operation operation) {
        String key = operation.key();
        String value = operation.value();
        if (operation.kind().isOrdered()) {
            operations.computeIfAbsent(author, a -> new ArrayList<>()).add(operation);
        }
        switch (operation.kind()) {
            case MESSAGE_END, THOUGHT_END -> {
                endedTexts.add(key);
                lastPart(key).ifPresent(part -> shown.put(part, ShownText.Piece.read(value)));
            }
            case PLAYED_BY -> playedBy.put(author, value);
            case ENDED -> ended.put(author, value);
            case CUT -> shown.put(key, ShownText.Piece.read(value));
            case REST -> rests.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
            case AGAIN -> again.put(key, value);
            case ANSWER -> answers.put(key, value);
            case MESSAGE, THOUGHT, STEP, STEP_END, PROGRESS, TOOL, RESULT, DELEGATE, FAN, ASK, NOW, TIME_LEFT, GET,
                    NAMES, PUT, REMOVE -> {
                // Found by its place.
            }
        }
    }

    /** The part that a text's end belongs to; none if all of it had been shown in parts that were cut. */
    private Optional<String> lastPart(String first) {
        String last = rests.containsKey(first) ? rests.get(first).getLast() : first;
        return shown.containsKey(last) ? Optional.empty() : Optional.of(last);
    }

    /** What the author did, in order. */
    List<Operation> operations(String author) {
        return operations.getOrDefault(author, List.of());
    }

    /** What played a sub-agent; empty if it had not begun. */
    Optional<String> playedBy(String author) {
        return Optional.ofNullable(playedBy.get(author));
    }

    /** What came of a sub-agent; empty if it had not ended. */
    Optional<String> ended(String author) {
        return Optional.ofNullable(ended.get(author));
    }

    /** What was shown of a message or thought, by the id under which it was begun first. */
    ShownText shown(String first) {
        List<ShownText.Piece> pieces = new ArrayList<>();
        List<String> parts = new ArrayList<>(List.of(first));
        parts.addAll(rests.getOrDefault(first, List.of()));
        for (String part : parts) {
            ShownText.Piece piece = shown.get(part);
            if (piece != null) {
                pieces.add(piece);
            }
        }
        return new ShownText(pieces, endedTexts.contains(first));
    }

    /** The id of the question now, by the id under which it was asked first. */
    String question(String first) {
        return again.getOrDefault(first, first);
    }

    /** The answer to the question of this id. */
    Optional<String> answer(String question) {
        return Optional.ofNullable(answers.get(question));
    }

    /** Whether somebody asked, was answered, and has not gone on since. */
    boolean hasUnreadAnswer() {
        return operations.entrySet().stream()
                .filter(author -> !ended.containsKey(author.getKey()))
                .map(author -> author.getValue().getLast())
                .anyMatch(last -> last.kind() == ScriptKind.ASK
                        && answers.containsKey(question(RecordedQuestion.read(last.value()).id())));
    }

    /** What it takes of what may be recorded. */
    long bytes() {
        return bytes;
    }
}
