package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageRowsTest {
    private static final long ABSENT = UsageRow.ABSENT;

    private static String unusable(String text) {
        return String.valueOf(assertThrows(UnusableLogException.class, () -> Logs.rows(text)).getMessage());
    }

    @Test
    void anAzureTraceIsRead() throws Exception {
        Logs.Read read = Logs.rows("TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n"
                + "2023-11-16 18:15:50.9951690,396,109");
        long second = Instant.parse("2023-11-16T18:15:46Z").getEpochSecond();
        assertEquals(
                List.of(new UsageRow(second, "", "", 374, 0, 0, 44, ABSENT, ABSENT),
                        new UsageRow(second + 4, "", "", 396, 0, 0, 109, ABSENT, ABSENT)),
                read.rows());
        assertEquals(2, read.reader().unzoned());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt_tokens;completion_tokens;model", "\"Prompt Tokens\"\tcompletion_tokens\tMODEL",
            "promptTokens,completionTokens,model_name", "usage.prompt_tokens,usage.completion_tokens,model"})
    void columnsAreRecognisedByTheirUsualNamesAndSeparators(String header) throws Exception {
        char delimiter = header.contains(";") ? ';' : header.contains("\t") ? '\t' : ',';
        String text = header + "\n" + "10,20,gpt-4o".replace(',', delimiter);
        assertEquals(List.of(new UsageRow(ABSENT, "gpt-4o", "", 10, 0, 0, 20, ABSENT, ABSENT)), Logs.rows(text).rows());
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
        String text = "input_tokens,output_tokens\n1,2\n";
        assertEquals(1, Logs.rows("\ufeff" + text).rows().size());
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            InputStream stream = new ByteArrayInputStream(("\ufeff" + text).getBytes(charset));
            var rows = new UsageRows(stream, ReadingLimits.defaults(), () -> {});
            assertEquals(2, rows.next().orElseThrow().output());
        }
    }

    @Test
    void cacheTokensStandBesideInputTokensAndInsidePromptTokens() throws Exception {
        UsageRow beside =
                Logs.rows("input_tokens,cache_read_input_tokens,cache_creation_input_tokens,output_tokens\n10,100,5,1")
                        .rows().getFirst();
        assertEquals(List.of(115L, 100L, 5L), List.of(beside.input(), beside.cacheRead(), beside.cacheWrite()));
        UsageRow inside = Logs.rows("prompt_tokens,cached_tokens,completion_tokens\n110,100,1").rows().getFirst();
        assertEquals(List.of(110L, 100L), List.of(inside.input(), inside.cacheRead()));
        UsageRow insideRead =
                Logs.rows("prompt_tokens,cache_read_input_tokens,completion_tokens\n110,100,1").rows().getFirst();
        assertEquals(110, insideRead.input());
        UsageRow insideInput =
                Logs.rows("{\"input_tokens\":110,\"input_tokens_details\":{\"cached_tokens\":100},\"output_tokens\":1}")
                        .rows().getFirst();
        assertEquals(List.of(110L, 100L), List.of(insideInput.input(), insideInput.cacheRead()));
    }

    @Test
    void jsonLinesAreReadWithNestedUsage() throws Exception {
        Logs.Read read = Logs.rows("""
                {"created": 1700158546, "model": "gpt-4o", "usage": {"prompt_tokens": 7, "completion_tokens": 3}}

                {"model": "gpt-4o", "usage": {"prompt_tokens": 8, "completion_tokens": null}, "spend": 0.5, "user": "a"}
                {"broken
                {"model": "gpt-4o"}
                """);
        assertEquals(2, read.rows().size());
        assertEquals(new UsageRow(1_700_158_546, "gpt-4o", "", 7, 0, 0, 3, ABSENT, ABSENT), read.rows().get(0));
        assertEquals(new UsageRow(ABSENT, "gpt-4o", "a", 8, 0, 0, ABSENT, 500_000_000_000L, ABSENT),
                read.rows().get(1));
        assertEquals(List.of("4: not JSON: a text is not closed at character 9", "5: neither tokens nor cost"),
                read.reasons());
    }

    @Test
    void namesAreCutBetweenCharactersAndHoldNoHalfOfOne() throws Exception {
        String smile = "\ud83d\ude00";
        Logs.Read read =
                Logs.rows("{\"spend\":1,\"user\":\"" + smile.repeat(201) + "\",\"\\ud83dmodel\":\"a\\ude00b\"}");
        assertEquals(smile.repeat(200), read.rows().getFirst().user());
        assertEquals("a?b", read.rows().getFirst().model());
        assertEquals("?model", read.reader().shape().name(Field.MODEL).orElse(""));
    }

    @Test
    void malformedRowsAreCountedWithLineAndReasonAndSkipped() throws Exception {
        Logs.Read read = Logs.rows("""
                time,model,input_tokens,output_tokens,cached_tokens
                2024-01-01T00:00:00Z,m,1,2,0
                yesterday,m,1,2,0
                2024-01-01T00:00:00Z,m,1,2
                2024-01-01T00:00:00Z,m,-1,2,0
                2024-01-01T00:00:00Z,"m
                n",x,2,0
                2024-01-01T00:00:00Z,m,1,,0
                2024-01-01T00:00:00Z,m,1,2,3
                ,m,1,2,0
                2024-01-01T00:00:00Z,m,1,2,0
                """);
        assertEquals(2, read.rows().size());
        assertEquals(7, read.reader().rejected().count());
        assertEquals(
                List.of("3: time \"yesterday\" is neither ISO 8601 nor seconds since 1970",
                        "4: 4 columns where the header has 5",
                        "5: input tokens \"-1\" is negative",
                        "6: input tokens \"x\" is not a number",
                        "8: no output tokens",
                        "9: more cached tokens than input tokens",
                        "10: no time"),
                read.reasons());
    }

    @Test
    void onlyTheFirstMalformedRowsAreKept() throws Exception {
        int kept = ReadingLimits.defaults().rejectedKept();
        Logs.Read read = Logs.rows("input_tokens,output_tokens\n1,2\n" + "x,2\n".repeat(kept + 1));
        assertEquals(kept + 1, read.reader().rejected().count());
        assertEquals(kept, read.reader().rejected().first().size());
        assertEquals(kept, Logs.rows("input_tokens,output_tokens\n1,2\n" + "x,2\n".repeat(kept)).reasons().size());
    }

    @Test
    void ofTwoColumnsWithOneMeaningTheMoreTellingThenTheFirstIsUsedAndSaid() throws Exception {
        Logs.Read read = Logs.rows("date,timestamp,input_tokens,input_tokens,output_tokens\nsoon,1700158546,1,99,2");
        assertEquals(new UsageRow(1_700_158_546, "", "", 1, 0, 0, 2, ABSENT, ABSENT), read.rows().getFirst());
        List<String> notes = read.reader().shape().notes();
        assertEquals(2, notes.size());
        assertTrue(notes.get(0).contains("\"timestamp\" (column 2) is used"), notes.get(0));
        assertTrue(notes.get(1).contains("\"input_tokens\" (column 3) is used"), notes.get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''|The file is empty.",
            "'\n \n'|The file is empty.",
            "'[{\"a\":1}]'|The file is one JSON array.",
            "'when,what\n1,2'|No column looks like tokens or cost. The first line has: \"when\", \"what\". Columns that help: time",
            "'input_tokens,output_tokens\n'|The file has a header and no rows.",
            "'input_tokens,output_tokens\na,b\nc,d'|None of the 2 rows can be used. The first, line 2: input tokens \"a\" is not",
            "'{\"a\":1}'|None of the 1 row can be used. The first, line 1: neither tokens nor cost.",
            "'\"input_tokens,output_tokens\n1,2'|The header in line 1 cannot be read: a quote is opened and not closed.",
    })
    void aFileWithoutAUsableRowSaysWhy(String text, String start) {
        String message = unusable(text);
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void aCompressedFileSaysWhatToDo() {
        InputStream zip = new ByteArrayInputStream(new byte[]{'P', 'K', 3, 4, 0, 0, 0});
        UnusableLogException problem =
                assertThrows(UnusableLogException.class, () -> new UsageRows(zip, ReadingLimits.defaults(), () -> {}));
        assertTrue(String.valueOf(problem.getMessage()).startsWith("The file is compressed or a workbook."));
    }

    @Test
    void aJsonLineAtTheLimitIsReadAndOneCharacterMoreIsMalformed() throws Exception {
        String line = "{\"input_tokens\":1,\"output_tokens\":2}";
        var reader =
                new UsageRows(Logs.stream(line + "\n" + line + " \n" + line), Logs.limits(line.length()), () -> {});
        assertTrue(reader.next().isPresent());
        assertTrue(reader.next().isPresent());
        assertTrue(reader.next().isEmpty());
        assertEquals(1, reader.rejected().count());
        assertEquals(2, reader.rejected().first().getFirst().line());
    }
}
