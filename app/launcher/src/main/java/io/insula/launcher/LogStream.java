package io.insula.launcher;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The error stream, with every text that is printed as a line kept to one line. The log is written to it, and what a
 * plugin logs or throws must not look like lines of somebody else.
 *
 * <p>Safe for any number of threads.
 */
final class LogStream extends PrintStream {

    LogStream(PrintStream target) {
        super(target, true, target.charset());
    }

    @Override
    public void println(@Nullable String text) {
        super.println(inOneLine(String.valueOf(text)));
    }

    @Override
    public void println(@Nullable Object thing) {
        super.println(inOneLine(String.valueOf(thing)));
    }

    private static String inOneLine(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(each -> {
            if (each == '\n') {
                line.append("\\n");
            } else if (each != '\t' && isInvisible(each)) {
                line.append(String.format("\\u%04x", each));
            } else {
                line.appendCodePoint(each);
            }
        });
        return line.toString();
    }

    /** Characters that end a line, move what stands around them, or cannot be seen. */
    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
