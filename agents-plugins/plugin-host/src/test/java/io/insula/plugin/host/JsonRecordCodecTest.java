package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Describe;
import io.insula.agent.hosting.RecordMismatchException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonRecordCodecTest {
    private static final PluginLimits LIMITS = PluginLimits.defaults();
    private final JsonRecordCodec codec = new JsonRecordCodec("test", LIMITS);

    record Whole(int number) {}

    record Wide(long number) {}

    record Broken(double number) {}

    record Exact(BigDecimal number) {}

    record Text(String text) {}

    record Flag(boolean on) {}

    record When(Instant instant, LocalDate date, Duration duration) {}

    enum Color {
        RED, GREEN {
            @Override
            public String toString() {
                return "not the name";
            }
        }
    }

    record Painted(Color color) {}

    record Maybe(Optional<Whole> whole, int other) {}

    record Log(long bytes) {}

    record Logs(List<Log> logs, Map<String, Log> byUser) {}

    record Tree(String name, List<Tree> children) {}

    record Bounded(@Describe(minimum = 1, maximum = 3) int number, @Describe(maximumLength = 2) String text,
            @Describe(maximumLength = 1) List<String> list, @Describe(maximumLength = 1) Map<String, String> map,
            @Describe(minimum = -1, maximum = 1) double fraction,
            @Describe(minimum = 0) Optional<BigDecimal> price) {}

    record Positive(int number) {
        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("secret " + number);
            }
        }
    }

    record Throwing(int number) {
        @Override
        public int number() {
            throw new StackOverflowError("secret");
        }
    }

    private static Bounded bounded(int number, String text, int listSize, int mapSize, double fraction, String price) {
        var map = new HashMap<String, String>();
        for (var i = 0; i < mapSize; i++) {
            map.put("k" + i, "v");
        }
        return new Bounded(number, text, Collections.nCopies(listSize, "e"), map, fraction,
                Optional.of(new BigDecimal(price)));
    }

    private String refusal(String json, Class<? extends Record> type) {
        return assertThrows(RecordMismatchException.class, () -> codec.decode(json, type)).getMessage();
    }

    private String refusal(Record value) {
        return assertThrows(RecordMismatchException.class, () -> codec.encode(value)).getMessage();
    }

    @Test
    void a_result_without_content_is_an_empty_object_both_ways() throws Exception {
        assertEquals("{}", codec.encode(new AgentResult.Nothing()));
        assertEquals(new AgentResult.Nothing(), codec.decode("{}", AgentResult.Nothing.class));
    }

    @Test
    void times_are_written_in_iso_8601() throws Exception {
        var when = new When(Instant.parse("2026-01-31T12:00:00.5Z"), LocalDate.of(2026, 1, 31), Duration.ofMinutes(90));

        var json = codec.encode(when);

        assertEquals("{\"instant\":\"2026-01-31T12:00:00.500Z\",\"date\":\"2026-01-31\",\"duration\":\"PT1H30M\"}",
                json);
        assertEquals(when, codec.decode(json, When.class));
    }

    @Test
    void an_enum_is_the_name_of_its_constant_whatever_it_prints() throws Exception {
        assertEquals("{\"color\":\"GREEN\"}", codec.encode(new Painted(Color.GREEN)));
        assertEquals(new Painted(Color.GREEN), codec.decode("{\"color\":\"GREEN\"}", Painted.class));
        assertEquals("$.color must be one of: RED, GREEN", refusal("{\"color\":\"green\"}", Painted.class));
    }

    @Test
    void an_empty_optional_is_an_absent_member() throws Exception {
        assertEquals("{\"other\":1}", codec.encode(new Maybe(Optional.empty(), 1)));
        assertEquals(new Maybe(Optional.empty(), 1), codec.decode("{\"other\":1}", Maybe.class));
        assertEquals(new Maybe(Optional.of(new Whole(2)), 1),
                codec.decode("{\"whole\":{\"number\":2},\"other\":1}", Maybe.class));
        assertEquals("$.whole must be an object", refusal("{\"whole\":null,\"other\":1}", Maybe.class));
    }

    @Test
    void decoded_lists_and_maps_cannot_be_changed() throws Exception {
        var logs = codec.decode("{\"logs\":[{\"bytes\":1}],\"byUser\":{}}", Logs.class);

        assertThrows(UnsupportedOperationException.class, () -> logs.logs().add(new Log(2)));
        assertThrows(UnsupportedOperationException.class, () -> logs.byUser().put("a", new Log(2)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"logs\":[{\"bytes\":1},{\"bytes\":2},{\"bytes\":\"3\"}],\"byUser\":{}} | $.logs[2].bytes must be a whole number",
            "{\"logs\":[{\"bytes\":1},{}],\"byUser\":{}} | $.logs[1].bytes is missing",
            "{\"logs\":[],\"byUser\":{\"secret\":{\"bytes\":null}}} | $.byUser[0].bytes must be a whole number",
            "{\"logs\":[],\"byUser\":{\"secret\":{\"bytes\":1},\"secret\":{\"bytes\":2}}} | $.byUser[1] has the key of another entry",
            "{\"logs\":[],\"logs\":[],\"byUser\":{}} | $.logs is there twice",
            "{\"logs\":[],\"byUser\":{},\"secret\":1} | $ has an unknown member; known are: logs, byUser",
            "{\"logs\":{},\"byUser\":{}} | $.logs must be an array", "{\"logs\":[]} | $.byUser is missing",
            "[] | $ must be an object", "null | $ must be an object", "`` | $ must be an object",
            "{\"logs\":[],\"byUser\":{}} {} | $ is followed by more text"})
    void what_does_not_fit_is_refused_with_its_place_and_without_values(String json, String expected) {
        assertEquals(expected, refusal(json, Logs.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{secret", "{\"text\":\"secret\"", "{'text':'secret'}", "{\"text\":\"secret\",}",
            "\uFEFF{}",
            "{\"text\":\"\nsecret\"}", "{\"text\":NaN}", "// secret\n{}"})
    void what_is_not_json_is_refused_without_quoting_it(String json) {
        var message = refusal(json, Text.class);

        assertTrue(message.startsWith("$ is not JSON: see line "), message);
        assertFalse(message.contains("secret"), message);
    }

    @ParameterizedTest
    @CsvSource({"2147483647,true", "2147483648,false", "-2147483648,true", "-2147483649,false", "1.0,false",
            "1e3,false",
            "true,false", "99999999999999999999,false", "-0,true"})
    void an_int_takes_whole_numbers_of_32_bits_only(String number, boolean fits) {
        assertEquals(fits, fits("{\"number\":" + number + "}", Whole.class));
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807,true", "9223372036854775808,false", "-9223372036854775808,true",
            "-9223372036854775809,false", "0.5,false"})
    void a_long_takes_whole_numbers_of_64_bits_only(String number, boolean fits) {
        assertEquals(fits, fits("{\"number\":" + number + "}", Wide.class));
    }

    @ParameterizedTest
    @CsvSource({"1,true", "1.7976931348623157e308,true", "1e309,false", "-1e309,false", "\"1\",false"})
    void a_double_takes_finite_numbers_only(String number, boolean fits) {
        assertEquals(fits, fits("{\"number\":" + number + "}", Broken.class));
    }

    @Test
    void a_double_that_is_no_number_is_not_written() {
        assertEquals("$.number is not a finite number of 64 bits", refusal(new Broken(Double.NaN)));
        assertEquals("$.number is not a finite number of 64 bits", refusal(new Broken(Double.POSITIVE_INFINITY)));
    }

    @Test
    void a_decimal_keeps_every_digit() throws Exception {
        for (var text : List.of("1.50", "0.1", "12345678901234567890.123456789", "1E+3", "-0.00")) {
            var exact = new Exact(new BigDecimal(text));
            assertEquals(exact, codec.decode(codec.encode(exact), Exact.class));
        }
    }

    @Test
    void a_decimal_has_at_most_1000_digits_either_way() throws Exception {
        var atLimit = new Exact(new BigDecimal("9".repeat(1_000)));
        assertEquals(atLimit, codec.decode(codec.encode(atLimit), Exact.class));
        assertEquals("$.number has more than 1000 digits", refusal(new Exact(new BigDecimal("9".repeat(1_001)))));
        assertEquals("$.number has more than 1000 digits",
                refusal("{\"number\":" + "9".repeat(1_001) + "}", Exact.class));
        assertEquals("$.number has more than 1000 digits", refusal("{\"number\":1e1001}", Exact.class));
        assertEquals("$.number has an exponent that is too large", refusal("{\"number\":1e99999999999}", Exact.class));
        assertEquals("$.number has more than 1000 digits",
                refusal(new Exact(BigDecimal.ONE.scaleByPowerOfTen(-1_001))));
    }

    @Test
    void bounds_hold_at_the_bound_and_refuse_beyond_it_both_ways() throws Exception {
        for (var fits : List.of(bounded(1, "ab", 1, 1, -1, "0"), bounded(3, "\uD83D\uDE00b", 0, 0, 1, "9"))) {
            assertEquals(fits, codec.decode(codec.encode(fits), Bounded.class));
        }
        var refused = Map.of("$.number is less than 1", bounded(0, "", 0, 0, 0, "0"), //
                "$.number is greater than 3", bounded(4, "", 0, 0, 0, "0"), //
                "$.text has more than 2 characters", bounded(1, "abc", 0, 0, 0, "0"), //
                "$.list has more than 1 elements", bounded(1, "", 2, 0, 0, "0"), //
                "$.map has more than 1 elements", bounded(1, "", 0, 2, 0, "0"), //
                "$.fraction is less than -1", bounded(1, "", 0, 0, Math.nextDown(-1.0), "0"), //
                "$.fraction is greater than 1", bounded(1, "", 0, 0, Math.nextUp(1.0), "0"), //
                "$.price is less than 0", bounded(1, "", 0, 0, 0, "-0.1"));
        var lenient = new JsonRecordCodec("test", LIMITS);
        for (var entry : refused.entrySet()) {
            assertEquals(entry.getKey(), refusal(entry.getValue()));
            var value = entry.getValue();
            var json = lenient.encode(new Unbounded(value.number(), value.text(), value.list(), value.map(),
                    value.fraction(), value.price()));
            assertEquals(entry.getKey(), refusal(json, Bounded.class));
        }
    }

    record Unbounded(int number, String text, List<String> list, Map<String, String> map, double fraction,
            Optional<BigDecimal> price) {}

    @Test
    void half_a_surrogate_pair_is_refused_both_ways() throws Exception {
        assertEquals("$.text holds half of a surrogate pair", refusal(new Text("a\uD83D")));
        assertEquals("$.text holds half of a surrogate pair", refusal(new Text("\uDE00a")));
        assertEquals("$.text holds half of a surrogate pair", refusal("{\"text\":\"\\ud83d\"}", Text.class));
        assertEquals(new Text("\uD83D\uDE00"), codec.decode("{\"text\":\"\\ud83d\\ude00\"}", Text.class));
    }

    @Test
    void nesting_ends_at_its_limit() throws Exception {
        // A tree of n levels has n records and n lists.
        var limit = LIMITS.recordDepth();
        var atLimit = tree(limit / 2);
        assertEquals(atLimit, codec.decode(codec.encode(atLimit), Tree.class));

        assertTrue(refusal(tree(limit / 2 + 1)).endsWith(" is nested more than " + limit + " levels deep"));
        var json = new JsonRecordCodec("test", withDepth(100)).encode(tree(limit / 2 + 1));
        assertTrue(refusal(json, Tree.class).endsWith(" is nested more than " + limit + " levels deep"));
        assertTrue(
                refusal("{\"name\":\"\",\"children\":" + "[".repeat(100_000), Tree.class).startsWith("$.children[0]"));
    }

    private static Tree tree(int levels) {
        return new Tree("t", levels == 1 ? List.of() : List.of(tree(levels - 1)));
    }

    private static PluginLimits withDepth(int depth) {
        return new PluginLimits(LIMITS.startTime(), 1, 1, 1, 1, 1, 1, 1, 256, LIMITS.recordCharacters(), depth,
                LIMITS.swap());
    }

    @Test
    void a_text_is_as_long_as_its_limit_and_no_longer() throws Exception {
        var small = new JsonRecordCodec("test",
                new PluginLimits(LIMITS.startTime(), 1, 1, 1, 1, 1, 1, 1, 256, 20, LIMITS.recordDepth(),
                        LIMITS.swap()));
        var atLimit = new Text("123456789");
        assertEquals(20, small.encode(atLimit).length());
        assertEquals(atLimit, small.decode(small.encode(atLimit), Text.class));

        var beyond = new Text("1234567890");
        assertEquals("$ is longer than 20 characters",
                assertThrows(RecordMismatchException.class, () -> small.encode(beyond)).getMessage());
        var json = codec.encode(beyond);
        assertEquals("$ is longer than 20 characters",
                assertThrows(RecordMismatchException.class, () -> small.decode(json, Text.class)).getMessage());
    }

    @Test
    void an_endless_list_ends_at_the_limit() {
        List<Log> endless = new AbstractList<>() {
            @Override
            public Log get(int index) {
                return new Log(index);
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };

        assertEquals("$ is longer than " + LIMITS.recordCharacters() + " characters",
                refusal(new Logs(endless, Map.of())));
    }

    @Test
    void a_record_that_refuses_its_values_says_where_but_not_why() {
        assertEquals("$ is refused by its record", refusal("{\"number\":-7}", Positive.class));
    }

    @Test
    void a_record_that_throws_an_error_when_read_is_a_mismatch() {
        assertEquals("$.number cannot be read: its record threw", refusal(new Throwing(1)));
    }

    @Test
    void a_list_that_throws_is_a_mismatch() {
        List<Log> hostile = new AbstractList<>() {
            @Override
            public Log get(int index) {
                throw new IllegalStateException("secret");
            }

            @Override
            public int size() {
                return 1;
            }
        };

        assertEquals("$ cannot be read: code of its plugin threw", refusal(new Logs(hostile, Map.of())));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void values_that_their_declaration_forbids_are_not_written() {
        assertEquals("$.logs[0] is not of its declared type", refusal(new Logs((List) List.of("secret"), Map.of())));
        assertEquals("$.logs[0] is null", refusal(new Logs(Arrays.asList((Log) null), Map.of())));
        assertEquals("$.byUser[0] is not of its declared type",
                refusal(new Logs(List.of(), (Map) Map.of(1, new Log(1)))));
        assertEquals("$.number is not of its declared type", refusal(new Exact(new Forged())));
    }

    /** A number that writes what it likes. */
    private static final class Forged extends BigDecimal {
        private static final long serialVersionUID = 1L;

        Forged() {
            super("1", MathContext.UNLIMITED);
        }

        @Override
        public String toString() {
            return "1,\"admin\":true";
        }
    }

    record WithSet(Set<String> set) {}

    record WithObject(Object object) {}

    @SuppressWarnings("ArrayRecordComponent") // what the codec must refuse
    record WithArray(int[] array) {}

    record WithOptionalInside(List<Optional<String>> list) {}

    record WithIntegerKeys(Map<Integer, String> map) {}

    record WithWildcard(List<? extends String> list) {}

    record Generic<T>(T value) {}

    record WithGeneric(Generic<String> generic) {}

    record WithShort(short number) {}

    record WithBoundedText(@Describe(minimum = 1) String text) {}

    record WithLongNumber(@Describe(maximumLength = 1) int number) {}

    record WithImpossible(@Describe(minimum = 2, maximum = 1) int number) {}

    record Deep(List<Map<String, WithSet>> deep) {}

    @Test
    void unsupported_types_and_bounds_are_named_before_anything_is_read() {
        for (var type : List.of(WithSet.class, WithObject.class, WithArray.class, WithOptionalInside.class,
                WithIntegerKeys.class, WithWildcard.class, Generic.class, WithGeneric.class, WithShort.class,
                WithBoundedText.class, WithLongNumber.class, WithImpossible.class, Deep.class)) {
            var message = assertThrows(RecordMismatchException.class, () -> codec.check(type.asSubclass(Record.class)),
                    type::getName).getMessage();
            assertTrue(message.startsWith("Component io.insula.plugin.host.JsonRecordCodecTest$")
                    || message.startsWith("Record io.insula.plugin.host.JsonRecordCodecTest$Generic "), message);
        }
        assertTrue(assertThrows(RecordMismatchException.class, () -> codec.check(Deep.class)).getMessage()
                .startsWith("Component io.insula.plugin.host.JsonRecordCodecTest$WithSet.set has the type "));
    }

    @Test
    void a_schema_says_all_that_is_checked() throws Exception {
        assertEquals("""
                {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{\
                "number":{"type":"integer","minimum":1,"maximum":3},"text":{"type":"string","maxLength":2},\
                "list":{"type":"array","items":{"type":"string"},"maxItems":1},\
                "map":{"type":"object","additionalProperties":{"type":"string"},"maxProperties":1},\
                "fraction":{"type":"number","minimum":-1,"maximum":1},"price":{"type":"number","minimum":0}},\
                "required":["number","text","list","map","fraction"],"additionalProperties":false}""",
                codec.schema(Bounded.class));
    }

    @Test
    void records_in_records_stand_under_defs_in_a_schema() throws Exception {
        assertEquals("""
                {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{\
                "logs":{"type":"array","items":{"$ref":"#/$defs/Log"}},\
                "byUser":{"type":"object","additionalProperties":{"$ref":"#/$defs/Log"}}},\
                "required":["logs","byUser"],"additionalProperties":false,"$defs":{"Log":{"type":"object",\
                "properties":{"bytes":{"type":"integer"}},"required":["bytes"],"additionalProperties":false}}}""",
                codec.schema(Logs.class));
    }

    @Test
    void a_record_that_holds_itself_refers_to_itself_in_a_schema() throws Exception {
        assertEquals("""
                {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{\
                "name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#"}}},\
                "required":["name","children"],"additionalProperties":false}""", codec.schema(Tree.class));
    }

    private boolean fits(String json, Class<? extends Record> type) {
        try {
            codec.decode(json, type);
            return true;
        } catch (RecordMismatchException e) {
            return false;
        }
    }
}
