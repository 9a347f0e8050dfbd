package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRecordsTest {
    private static final ReadingLimits LIMITS = ReadingLimits.defaults();

    private static List<CsvRecord> read(String text, char delimiter, ReadingLimits limits) throws Exception {
        var records = new CsvRecords(new LogText(Logs.stream(text)), delimiter, limits);
        List<CsvRecord> all = new ArrayList<>();
        for (Optional<CsvRecord> next = records.next(); next.isPresent(); next = records.next()) {
            all.add(next.get());
        }
        return all;
    }

    private static List<List<String>> values(String text) throws Exception {
        return read(text, ',', LIMITS).stream().map(CsvRecord::values).toList();
    }

    @Test
    void quotesMayHoldCommasQuotesAndLineBreaks() throws Exception {
        assertEquals(
                List.of(List.of("a,b", "say \"hi\"", "two\nlines"), List.of("1", "", "3")),
                values("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n1,,3"));
    }

    @Test
    void everyKindOfLineEndEndsARecord() throws Exception {
        assertEquals(List.of(List.of("a"), List.of("b"), List.of("c"), List.of("d")), values("a\nb\r\nc\rd"));
    }

    @Test
    void recordsKnowTheLineTheyStartOn() throws Exception {
        List<CsvRecord> records = read("a\r\n\"x\r\ny\",2\r\n\r\nb\r\n", ',', LIMITS);
        assertEquals(List.of(1L, 2L, 5L), records.stream().map(CsvRecord::line).toList());
    }

    @Test
    void aQuoteThatIsNeverClosedCostsItsOwnLineOnly() throws Exception {
        List<CsvRecord> records = read("a,b\n1,\"oops\n2,3\n\n4,5", ',', LIMITS);
        assertEquals(List.of(1L, 2L, 3L, 5L), records.stream().map(CsvRecord::line).toList());
        assertEquals("a quote is opened and not closed", records.get(1).problem());
        assertEquals(List.of("4", "5"), records.get(3).values());
    }

    @Test
    void aQuoteLeftOpenAtTheLimitKeepsLineNumbersRight() throws Exception {
        // The limit strikes on every possible character around a CR LF.
        for (int padding = 0; padding < 12; padding++) {
            String text = "a\r\n\"" + "x".repeat(padding) + "\r\nyy\r\n\r\nzzzzzzzz\r\nlast,1\r\n";
            List<CsvRecord> records = read(text, ',', Logs.limits(20));
            CsvRecord last = records.getLast();
            assertEquals(List.of("last", "1"), last.values(), "padding " + padding);
            assertEquals(6L, last.line(), "padding " + padding);
        }
    }

    @Test
    void textAroundQuotesIsMalformed() throws Exception {
        List<CsvRecord> records = read("\"a\"b,1\nc\"d\",2\n e ,3\n \"f\" ,4", ',', LIMITS);
        assertEquals("text after a closing quote", records.get(0).problem());
        assertEquals("a quote inside a value that is not quoted", records.get(1).problem());
        assertEquals(List.of(" e ", "3"), records.get(2).values());
        assertEquals(List.of("f", "4"), records.get(3).values());
    }

    @Test
    void aRecordAtTheLimitIsReadAndOneCharacterMoreIsMalformed() throws Exception {
        List<CsvRecord> records = read("0123456789\n0123456789x,y\nafter", ',', Logs.limits(10));
        assertEquals("", records.get(0).problem());
        assertEquals("longer than 10 characters", records.get(1).problem());
        assertEquals(List.of("after"), records.get(2).values());
    }

    @Test
    void columnsAtTheLimitAreReadAndOneMoreIsMalformed() throws Exception {
        String most = "x" + ",x".repeat(LIMITS.columns() - 1);
        List<CsvRecord> records = read(most + "\n" + most + ",y\n" + most + ",y,z\nafter", ',', LIMITS);
        assertEquals(LIMITS.columns(), records.get(0).values().size());
        assertEquals("more than 512 columns", records.get(1).problem());
        assertEquals("more than 512 columns", records.get(2).problem());
        assertEquals(List.of("after"), records.get(3).values());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsWrittenByTheRulesIsReadBack(long seed) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            char delimiter = ",;\t".charAt(random.nextInt(3));
            String lineEnd = List.of("\n", "\r\n").get(random.nextInt(2));
            List<List<String>> rows = new ArrayList<>();
            var text = new StringBuilder();
            int width = 2 + random.nextInt(4);
            for (int row = 1 + random.nextInt(20); row > 0; row--) {
                List<String> values = new ArrayList<>();
                for (int column = 0; column < width; column++) {
                    values.add(value(random));
                    text.append(column == 0 ? "" : String.valueOf(delimiter))
                            .append(written(values.getLast(), delimiter, random, lineEnd));
                }
                text.append(lineEnd);
                rows.add(values);
            }
            List<CsvRecord> read = read(text.toString(), delimiter, LIMITS);
            String where = "seed " + seed + " round " + round;
            assertTrue(read.stream().allMatch(record -> record.problem().isEmpty()), where);
            assertEquals(rows, read.stream().map(CsvRecord::values).toList(), where);
        }
    }

    private static String value(Random random) {
        String alphabet = "ab 1,;\t\"\n\u00e4\u6f22";
        var value = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            value.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return value.toString();
    }

    private static String written(String value, char delimiter, Random random, String lineEnd) {
        boolean needed = value.indexOf(delimiter) >= 0 || value.indexOf('"') >= 0 || value.indexOf('\n') >= 0;
        String broken = value.replace("\n", lineEnd);
        return needed || random.nextInt(4) == 0 ? "\"" + broken.replace("\"", "\"\"") + "\"" : broken;
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void garbageNeverHidesTheLinesBehindTheLimit(long seed) throws Exception {
        var random = new Random(seed);
        String alphabet = "a1,\"\"\r\n ;\u0000";
        for (int round = 0; round < 300; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            // Longer than the limit and without a quote, so whatever the garbage opened is given up before the end.
            List<CsvRecord> records = read(text + "\n" + "filler\n".repeat(40) + "last,line", ',', Logs.limits(100));
            assertEquals(List.of("last", "line"), records.getLast().values(), "seed " + seed + " round " + round);
        }
    }
}
