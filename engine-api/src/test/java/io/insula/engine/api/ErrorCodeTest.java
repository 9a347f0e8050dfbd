package io.insula.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| `([a-z-]+)` \\| .+ \\|");

    @Test
    void everyCodeHasANumberOfItsOwn() {
        long numbers = Arrays.stream(ErrorCode.values()).mapToInt(ErrorCode::number).distinct().count();

        assertEquals(ErrorCode.values().length, numbers);
    }

    @Test
    void numbersOfAGroupFollowEachOtherWithoutHoles() {
        Map<ErrorCode.Group, Integer> last = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            int expected =
                    last.merge(code.group(), code.number() / 1000 * 1000 + 1, (before, first) -> before + 1);
            assertEquals(expected, code.number(), code.word());
        }
    }

    @Test
    void theDocumentedTableIsTheCode() throws IOException {
        Path table = Path.of(System.getProperty("reactor.root"), "docs", "errors.md");
        Map<Integer, String> documented = new TreeMap<>();
        List<String> lines = Files.readAllLines(table);
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(Integer.valueOf(row.group(1)), row.group(2));
            }
        }
        Map<Integer, String> actual = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            actual.put(code.number(), code.word());
        }

        assertTrue(documented.size() > 40, "the table was not found in " + lines.size() + " lines");
        assertEquals(actual, documented);
    }
}
