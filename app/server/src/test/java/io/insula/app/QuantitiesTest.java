package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"1, 1 B", "1023, 1023 B", "1024, 1 KiB", "65536, 64 KiB", "1048576, 1 MiB", "1073741824, 1 GiB"})
    void sizesAreWrittenInTheirLargestWholeUnitAndReadBack(long bytes, String text) {
        assertEquals(text, Quantities.text(bytes));
        assertEquals(bytes, Quantities.bytes(text));
    }

    @ParameterizedTest
    @CsvSource({"PT0.1S, 100 ms", "PT10S, 10 s", "PT5M, 5 min", "PT2H, 2 h", "PT720H, 30 d", "PT90S, 90 s"})
    void timesAreWrittenInTheirLargestWholeUnitAndReadBack(Duration time, String text) {
        assertEquals(text, Quantities.text(time));
        assertEquals(time, Quantities.time(text));
    }

    @Test
    void spacesAndLetterCaseDoNotMatter() {
        assertEquals(64 << 10, Quantities.bytes("64kib"));
        assertEquals(Duration.ofSeconds(3), Quantities.time("3S"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5 KiB", "-1", "KiB", "1 kb", "0", "9007199254740993 GiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Quantities.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "1.5 s", "-1 s", "0 s", "1 week"})
    void whatIsNoTimeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Quantities.time(text));
    }
}
