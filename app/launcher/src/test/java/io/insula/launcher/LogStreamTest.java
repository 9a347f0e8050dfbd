package io.insula.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LogStreamTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream log = new LogStream(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Tag("W59")
    void aTextWithLineBreaksStaysOneLine() {
        log.println("WARN a - ended\r\n2026 ERROR b - forged\u2028and more");

        assertEquals("WARN a - ended\\u000d\\n2026 ERROR b - forged\\u2028and more" + System.lineSeparator(),
                written());
    }

    @Test
    void whatMovesOrHidesTextIsShown() {
        log.println("a\u001b[2Jb\u202ec\u0000\td");

        assertEquals("a\\u001b[2Jb\\u202ec\\u0000\td" + System.lineSeparator(), written());
    }

    @Test
    void otherLettersStayAsTheyAre() {
        log.println("größer als 中文 \uD83D\uDE00");

        assertEquals("größer als 中文 \uD83D\uDE00" + System.lineSeparator(), written());
    }

    @Test
    void anExceptionHasALineForItsTextAndOneForEachPlace() {
        var thrown = new IllegalStateException("first\nsecond");
        thrown.printStackTrace(log);

        var lines = written().lines().toList();
        assertEquals("java.lang.IllegalStateException: first\\nsecond", lines.getFirst());
        assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("\tat ") || line.startsWith("\t...")),
                lines::toString);
    }
}
