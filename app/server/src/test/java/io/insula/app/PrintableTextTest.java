package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void escapeSequencesLoseTheirForce() {
        assertEquals("\uFFFD[31mred\uFFFD]52;c;aGk=\uFFFD", PrintableText.block("\u001b[31mred\u001b]52;c;aGk=\u0007"));
        assertEquals("\uFFFD31m", PrintableText.block("\u009b31m"));
    }

    @Test
    void readingOrderCannotBeReversedNorTextHidden() {
        assertEquals("a\uFFFDb\uFFFDc\uFFFD", PrintableText.block("a\u202eb\u200bc\u2066"));
    }

    @Test
    void blocksKeepLinesTabsAndEveryLanguage() {
        assertEquals("a\n\tb\u00e9\u4e2d\ud83d\ude00", PrintableText.block("a\r\n\tb\u00e9\u4e2d\ud83d\ude00"));
    }

    @Test
    void aCarriageReturnCannotOverwriteALine() {
        assertEquals("donefake", PrintableText.block("done\rfake"));
    }

    @Test
    void unpairedSurrogatesAreReplaced() {
        assertEquals("\uFFFD", PrintableText.block("\ud83d"));
    }

    @Test
    void aLineHoldsNoLineBreakAndIsCutAtItsLimit() {
        assertEquals("a b", PrintableText.line("a\nb", 3));
        assertEquals("abc...", PrintableText.line("abcd", 3));
        assertEquals("\ud83d\ude00...", PrintableText.line("\ud83d\ude00\ud83d\ude00", 1));
    }

    @Test
    void sizesAndDurationsAreForPeople() {
        assertEquals("1023 B", PrintableText.size(1023));
        assertEquals("1.5 KiB", PrintableText.size(1536));
        assertEquals("2.0 MiB", PrintableText.size(2 << 20));
        assertEquals("999 ms", PrintableText.duration(999));
        assertEquals("1.5 s", PrintableText.duration(1_500));
        assertEquals("2 min 5 s", PrintableText.duration(125_000));
        assertEquals("0 ms", PrintableText.duration(-5));
    }
}
