package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.RecordMismatchException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Properties of the codec over random records; a failure names its seed. */
final class JsonRecordCodecPropertyTest {
    private static final int ROUNDS = 500;
    private static final int MUTATIONS = 5_000;

    private final JsonRecordCodec codec = new JsonRecordCodec("test", PluginLimits.defaults());

    enum Kind {
        ONE, TWO, THREE
    }

    record Everything(String text, boolean flag, Boolean boxedFlag, int small, Integer boxedSmall, long large,
            Long boxedLarge, double real, Double boxedReal, BigDecimal exact, Instant instant, LocalDate date,
            Duration duration, Kind kind, Optional<String> maybeText, Optional<Kind> maybeKind, List<String> texts,
            List<List<Integer>> table, Map<String, Double> reals, Map<String, List<Part>> parts,
            List<Everything> inner) {}

    record Part(String name, Optional<Part> next, Optional<List<Kind>> kinds) {}

    /** Makes random values, small and odd ones more often. */
    private record Values(SplittableRandom random) {
        Everything everything(int depth) {
            return new Everything(text(), flag(), flag(), whole().intValue(), whole().intValue(), whole().longValue(),
                    whole().longValue(), real(), real(), exact(), instant(), date(), duration(), kind(),
                    maybe(this::text),
                    maybe(this::kind), list(this::text), list(() -> list(() -> whole().intValue())), map(this::real),
                    map(() -> list(() -> part(2))), depth == 0 ? List.of() : list(() -> everything(depth - 1)));
        }

        private Part part(int depth) {
            return new Part(text(), depth == 0 ? Optional.empty() : maybe(() -> part(depth - 1)),
                    maybe(() -> list(this::kind)));
        }

        private boolean flag() {
            return random.nextBoolean();
        }

        private String text() {
            var text = new StringBuilder();
            for (var i = random.nextInt(8); i > 0; i--) {
                text.appendCodePoint(switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(0x20);
                    case 1 -> "\"\\/{}[],:\u2028\u00e9\uFFFF".charAt(random.nextInt(12));
                    case 2 -> 0x10000 + random.nextInt(0x100000);
                    default -> 'a' + random.nextInt(26);
                });
            }
            return text.toString();
        }

        private BigInteger whole() {
            return switch (random.nextInt(4)) {
                case 0 -> BigInteger.valueOf(random.nextInt(-2, 3));
                case 1 -> BigInteger.valueOf(Long.MIN_VALUE + random.nextInt(2));
                case 2 -> BigInteger.valueOf(Integer.MAX_VALUE);
                default -> BigInteger.valueOf(random.nextLong());
            };
        }

        private double real() {
            var real = random.nextBoolean() ? random.nextDouble(-1e6, 1e6) : Double.longBitsToDouble(random.nextLong());
            return Double.isFinite(real) ? real : -0.0;
        }

        private BigDecimal exact() {
            return new BigDecimal(new BigInteger(random.nextInt(200), new java.util.Random(random.nextLong())),
                    random.nextInt(-500, 500)).multiply(BigDecimal.valueOf(random.nextInt(-1, 2)));
        }

        private Instant instant() {
            return Instant.ofEpochSecond(random.nextLong(-100_000_000_000L, 500_000_000_000L),
                    random.nextInt(1_000_000_000));
        }

        private LocalDate date() {
            return LocalDate.ofEpochDay(random.nextLong(-1_000_000, 5_000_000));
        }

        private Duration duration() {
            return Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
        }

        private Kind kind() {
            return List.of(Kind.values()).get(random.nextInt(Kind.values().length));
        }

        private <T> Optional<T> maybe(Supplier<T> value) {
            return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
        }

        private <T> List<T> list(Supplier<T> element) {
            var list = new ArrayList<T>();
            for (var i = random.nextInt(3); i > 0; i--) {
                list.add(element.get());
            }
            return list;
        }

        private <T> Map<String, T> map(Supplier<T> value) {
            var map = new LinkedHashMap<String, T>();
            for (var i = random.nextInt(3); i > 0; i--) {
                map.put(text(), value.get());
            }
            return map;
        }
    }

    @Test
    void what_is_written_is_read_back_equal() throws Exception {
        for (var seed = 0; seed < ROUNDS; seed++) {
            var record = new Values(new SplittableRandom(seed)).everything(2);

            var back = codec.decode(codec.encode(record), Everything.class);

            assertEquals(record, back, "seed " + seed);
        }
    }

    @Test
    void damaged_text_is_refused_or_means_exactly_what_it_says() throws Exception {
        var refused = 0;
        for (var seed = 0; seed < MUTATIONS; seed++) {
            var random = new SplittableRandom(seed);
            var json = damage(codec.encode(new Values(random).everything(1)), random);
            try {
                var record = codec.decode(json, Everything.class);
                assertEquals(record, codec.decode(codec.encode(record), Everything.class), "seed " + seed);
            } catch (RecordMismatchException e) {
                refused++;
                assertTrue(e.getMessage().startsWith("$"), "seed " + seed + ": " + e.getMessage());
            }
        }
        // Most places of the text bear meaning; were nearly all accepted, nothing would be checked.
        assertTrue(refused > MUTATIONS / 3, "refused " + refused + " of " + MUTATIONS);
    }

    private static String damage(String json, SplittableRandom random) {
        var text = new StringBuilder(json);
        var at = random.nextInt(text.length());
        var odd = "\"{}[],:0-1eEtfn. \\u\u0000\uD83D";
        switch (random.nextInt(3)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, odd.charAt(random.nextInt(odd.length())));
            default -> text.setCharAt(at, odd.charAt(random.nextInt(odd.length())));
        }
        return text.toString();
    }
}
