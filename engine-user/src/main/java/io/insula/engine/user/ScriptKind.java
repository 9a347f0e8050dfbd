package io.insula.engine.user;

import java.util.Locale;
import java.util.Optional;

/** What an entry of a script tells. */
enum ScriptKind {
    /** A message was begun; the value is its id. */
    MESSAGE(true),
    /** A message was ended by its agent; the value tells of the text since it was last begun. */
    MESSAGE_END(true),
    /** A thought was begun; the value is its id. */
    THOUGHT(true),
    /** A thought was ended by its agent. */
    THOUGHT_END(true),
    /** A step was begun; the value is its number. */
    STEP(true),
    /** The step of this number was ended. */
    STEP_END(true),
    /** Progress was shown. */
    PROGRESS(true),
    /** A tool was called. */
    TOOL(true),
    /** What came of the tool call before; the value is an {@link Outcomes outcome}. */
    RESULT(true),
    /** Work was given to another agent. */
    DELEGATE(true),
    /** Work was given to other agents at the same time. */
    FAN(true),
    /** A question was asked; the value is its id and when it expires. */
    ASK(true),
    /** The time that was told. */
    NOW(true),
    /** The time that was left. */
    TIME_LEFT(true),
    /** What was read from the store. */
    GET(true),
    /** The names that were read from the store. */
    NAMES(true),
    /** Something was put into the store; the value is an {@link Outcomes outcome}. */
    PUT(true),
    /** Something was removed from the store. */
    REMOVE(true),

    /** What plays the author, which is a sub-agent. */
    PLAYED_BY(false),
    /** What came of the author, which is a sub-agent; the value is an {@link Outcomes outcome}. */
    ENDED(false),
    /** The message or thought of this id was ended by an interruption; the value tells of its text. */
    CUT(false),
    /** The rest of the message or thought of this id was begun; the value is the rest's id. */
    REST(false),
    /** The question of this id was asked again; the value is its new id. */
    AGAIN(false),
    /** The question of this id was closed; the value is the answer. */
    ANSWER(false);

    private final boolean ordered;

    ScriptKind(boolean ordered) {
        this.ordered = ordered;
    }

    /** Whether it is something that the author did, and does again at the same place. */
    boolean isOrdered() {
        return ordered;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<ScriptKind> of(String word) {
        for (ScriptKind kind : values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
