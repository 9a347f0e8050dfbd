package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectLineTest {
    private static Map<String, String> read(String line) throws MalformedRowException {
        Map<String, String> leaves = new LinkedHashMap<>();
        new JsonObjectLine(line, 512, leaves::put).read();
        return leaves;
    }

    @Test
    void leavesAreNamedByTheirPath() throws Exception {
        assertEquals(
                Map.of("model", "m", "usage.prompt_tokens", "12", "usage.details.cached_tokens", "3", "ok", "true"),
                read(" { \"model\" : \"m\", \"usage\":{\"prompt_tokens\":12,\"details\":{\"cached_tokens\":3}},"
                        + "\"none\":null,\"list\":[1,{\"a\":[]},\"x\"],\"ok\":true} "));
    }

    @Test
    void escapesAreReadAsTheRulesHaveThem() throws Exception {
        assertEquals(
                Map.of("a\"b", "\\/\b\f\n\r\t\u00e9\ud83d\ude00"),
                read("{\"a\\\"b\":\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "{", "}", "[]", "null", "{}x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":.5}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":NaN}", "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\t\"}", "{\"a\":[1,]}", "{\"a\":[1}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1 \"b\":2}", "{\"a\":-}", "{\"a.b\":1,\"a\":{\"b\":2}}"
    })
    void whatIsNotOneObjectIsMalformed(String line) {
        assertThrows(MalformedRowException.class, () -> read(line));
    }

    @Test
    void nestingAtTheLimitIsReadAndOneDeeperIsMalformed() throws Exception {
        read("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}");
        assertThrows(MalformedRowException.class, () -> read("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"));
    }

    @Test
    void valuesAtTheLimitAreReadAndOneMoreIsMalformed() throws Exception {
        new JsonObjectLine("{\"a\":1,\"b\":2}", 2, (path, value) -> {}).read();
        assertThrows(
                MalformedRowException.class,
                () -> new JsonObjectLine("{\"a\":1,\"b\":2,\"c\":3}", 2, (path, value) -> {}).read());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverIsWrittenByTheRulesIsReadBackAndNoPartOfItIsAnObject(long seed) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Map<String, String> leaves = new LinkedHashMap<>();
            String line = object("", random, leaves, 0);
            String where = "seed " + seed + " round " + round + ": " + line;
            assertEquals(leaves, read(line), where);
            for (int cut = 0; cut < line.length(); cut++) {
                String part = line.substring(0, cut);
                assertThrows(MalformedRowException.class, () -> read(part), where);
            }
        }
    }

    private static String object(String prefix, Random random, Map<String, String> leaves, int depth) {
        var text = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            String name = "n" + i;
            text.append(i == 0 ? "" : ", ").append('"').append(name).append("\": ");
            switch (random.nextInt(depth < 3 ? 5 : 4)) {
                case 0 -> {
                    long number = random.nextLong();
                    leaves.put(prefix + name, Long.toString(number));
                    text.append(number);
                }
                case 1 -> {
                    String value = "v\"\\\n\u0001\u00fc".substring(random.nextInt(6));
                    leaves.put(prefix + name, value);
                    text.append(quoted(value));
                }
                case 2 -> {
                    leaves.put(prefix + name, "false");
                    text.append("false");
                }
                case 3 -> text.append("[null, -1.5e+3, \"x\"]");
                default -> text.append(object(prefix + name + ".", random, leaves, depth + 1));
            }
        }
        return text.append('}').toString();
    }

    private static String quoted(String value) {
        var text = new StringBuilder("\"");
        value.chars().forEach(character -> {
            if (character < ' ' || character == '"' || character == '\\') {
                text.append(String.format("\\u%04x", character));
            } else {
                text.append((char) character);
            }
        });
        return text.append('"').toString();
    }
}
