package io.insula.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.StringNode;

/**
 * A question of an agent, put to the person at the terminal and read back from what is typed.
 *
 * @param id the question's id
 * @param kind {@code approval}, {@code choice}, {@code text} or {@code files}
 * @param text what to ask, safe to print
 * @param options the options of a choice as the agent named them
 */
record QuestionPrompt(String id, String kind, String text, List<String> options) {
    private static final int LONGEST_OPTION = 300;

    QuestionPrompt {
        options = List.copyOf(options);
    }

    static Optional<QuestionPrompt> of(JsonNode event) {
        if (!event.path("name").stringValue("").equals("insula.question")) {
            return Optional.empty();
        }
        var value = event.path("value");
        var options = new ArrayList<String>();
        value.path("options").forEach(option -> options.add(option.stringValue("")));
        return Optional.of(new QuestionPrompt(
                value.path("question").stringValue(""),
                value.path("kind").stringValue(""),
                PrintableText.block(value.path("text").stringValue("")),
                options));
    }

    /** The question that an event says is no longer open. */
    static Optional<String> closedBy(JsonNode event) {
        return event.path("name").stringValue("").equals("insula.answer")
                ? Optional.of(event.path("value").path("question").stringValue(""))
                : Optional.empty();
    }

    void show(Screen screen) {
        text.lines().forEach(line -> screen.note(0, line));
        for (int i = 0; i < options.size(); i++) {
            screen.note(2, i + 1 + ". " + PrintableText.line(options.get(i), LONGEST_OPTION));
        }
        screen.prompt(switch (kind) {
            case "approval" -> "[y/n] ";
            case "choice" -> "[1-" + options.size() + "] ";
            case "files" -> "Paths of files, separated by commas: ";
            default -> "> ";
        });
    }

    /** The answer that was typed, if it is one. */
    Optional<JsonNode> read(String typed) {
        var text = typed.strip();
        return switch (kind) {
            case "approval" -> switch (text.toLowerCase(Locale.ROOT)) {
                case "y", "yes" -> Optional.of(BooleanNode.TRUE);
                case "n", "no" -> Optional.of(BooleanNode.FALSE);
                default -> Optional.empty();
            };
            case "choice" -> choice(text).map(StringNode::valueOf);
            default -> text.isEmpty() ? Optional.empty() : Optional.of(StringNode.valueOf(typed));
        };
    }

    /** What to type. */
    String hint() {
        return switch (kind) {
            case "approval" -> "Type y for yes or n for no.";
            case "choice" -> "Type a number from 1 to " + options.size() + ".";
            case "files" -> "Type the path of a file.";
            default -> "Type an answer.";
        };
    }

    boolean wantsFiles() {
        return kind.equals("files");
    }

    private Optional<String> choice(String text) {
        if (options.contains(text)) {
            return Optional.of(text);
        }
        var number = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        return number >= 1 && number <= options.size() ? Optional.of(options.get(number - 1)) : Optional.empty();
    }
}
