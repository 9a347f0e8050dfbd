package io.insula.app;

import java.io.PrintStream;

/**
 * What the person at the terminal sees: answers on the output, everything else on the error stream. Text given to it is
 * safe to print already. Confined to one thread.
 */
final class Screen {
    private static final String DIM = "2";
    private static final String RED = "31";
    private static final String BOLD = "1";
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream output;
    private final PrintStream errors;
    private final boolean outputTerminal;
    private final boolean errorsTerminal;
    private final boolean colours;
    private final boolean inputTerminal;
    private boolean insideAnswerLine;
    private boolean progressShown;
    private boolean insidePrompt;

    Screen(Surroundings surroundings) {
        this.output = surroundings.output();
        this.errors = surroundings.errors();
        this.outputTerminal = surroundings.terminals().output();
        this.errorsTerminal = surroundings.terminals().errors();
        this.inputTerminal = surroundings.terminals().input();
        var environment = surroundings.environment();
        this.colours = errorsTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /** Writes a piece of an answer as it is. */
    void answer(String text) {
        if (text.isEmpty()) {
            return;
        }
        makeRoomForAnswer();
        output.print(text);
        output.flush();
        insideAnswerLine = !text.endsWith("\n");
    }

    /** Ends the line of an answer, if one is begun. */
    void endAnswerLine() {
        if (insideAnswerLine) {
            answer("\n");
        }
    }

    /** Tells something in passing. */
    void note(int indent, String line) {
        line(indent, line, "");
    }

    /** Tells something that few will read. */
    void aside(int indent, String line) {
        line(indent, line, DIM);
    }

    /** Tells what went wrong. */
    void problem(String line) {
        line(0, line, RED);
    }

    /** Asks for something to be typed in the same line. */
    void prompt(String text) {
        makeRoom();
        errors.print(styled(text, BOLD));
        errors.flush();
        insidePrompt = true;
    }

    /** Notes that a line was typed, which at a terminal has ended the line of the prompt. */
    void lineTyped() {
        insidePrompt = insidePrompt && !inputTerminal;
    }

    /** Whether a line of progress would be replaced by the next, or stays. */
    boolean replacesProgress() {
        return errorsTerminal;
    }

    /** Shows how far something is, in place of what was shown before. */
    void progress(int indent, String line) {
        if (!errorsTerminal) {
            note(indent, line);
            return;
        }
        if (!progressShown) {
            makeRoom();
        }
        errors.print(CLEAR_LINE + " ".repeat(indent) + line);
        errors.flush();
        progressShown = true;
    }

    private void line(int indent, String line, String style) {
        makeRoom();
        errors.println(" ".repeat(indent) + styled(line, style));
        errors.flush();
    }

    private void makeRoom() {
        clearProgress();
        if (insidePrompt) {
            errors.println();
            insidePrompt = false;
        }
        // Only where both streams are the same terminal does a half line of the answer stand in the way.
        if (insideAnswerLine && outputTerminal && errorsTerminal) {
            output.println();
            output.flush();
            insideAnswerLine = false;
        }
    }

    private void makeRoomForAnswer() {
        clearProgress();
        if (insidePrompt && outputTerminal && errorsTerminal) {
            errors.println();
            errors.flush();
            insidePrompt = false;
        }
    }

    private void clearProgress() {
        if (progressShown) {
            errors.print(CLEAR_LINE);
            errors.flush();
            progressShown = false;
        }
    }

    private String styled(String text, String style) {
        return colours && !style.isEmpty() ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }
}
