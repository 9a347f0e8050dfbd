package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
    @ParameterizedTest
    @CsvSource({
            "2023-11-16 18:15:46.6805900, 2023-11-16T18:15:46Z",
            "2023-11-16T18:15:46Z, 2023-11-16T18:15:46Z",
            "2023-11-16T18:15:46.123456789+02:00, 2023-11-16T16:15:46Z",
            "2023-11-16 18:15:46 +0530, 2023-11-16T12:45:46Z",
            "2023-11-16 18:15:46-08, 2023-11-17T02:15:46Z",
            "2023-11-16 18:15, 2023-11-16T18:15:00Z",
            "2023/11/16 18:15:46 UTC, 2023-11-16T18:15:46Z",
            "'2024-02-29t00:00:00,5z', 2024-02-29T00:00:00Z",
            "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
            "1700158546, 2023-11-16T18:15:46Z",
            "1700158546.25, 2023-11-16T18:15:46Z",
            "1700158546999, 2023-11-16T18:15:46Z",
            "1700158546999999, 2023-11-16T18:15:46Z",
            "1700158546999999999, 2023-11-16T18:15:46Z",
    })
    void theUsualFormsAreRead(String text, String expected) throws Exception {
        assertEquals(Instant.parse(expected), Instant.ofEpochSecond(Moment.parse(text).epochSecond()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "now", "2023", "16.11.2023", "11/16/2023 18:15", "2023-13-01", "2023-02-29", "2023-11-16T",
            "2023-11-16 24:00:00",
            "2023-11-16 18:60:00", "2023-11-16 18:15:61", "2023-11-16 18:15:46.", "2023-11-16 18:15:46.1234567890",
            "2023-11-16 18:15:46 CET", "2023-11-16 18:15:46+", "2023-11-16 18:15:46+19:00", "2023-11-16 18:15:46Zx",
            "2023-11/16",
            "999-11-16", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "99999999999999999999", "1700158546x",
            "1700158546.",
            "2023-11-16 18:15:46.12345678901234567890123"
    })
    void everythingElseIsMalformed(String text) {
        assertThrows(MalformedRowException.class, () -> Moment.parse(text));
    }

    @Test
    void aMomentKnowsWhetherItsZoneAndTimeOfDayWereSaid() throws Exception {
        assertFalse(Moment.parse("2023-11-16 18:15:46").zoned());
        assertTrue(Moment.parse("2023-11-16 18:15:46Z").zoned());
        assertTrue(Moment.parse("1700158546").zoned());
        assertFalse(Moment.parse("2023-11-16").timed());
        assertTrue(Moment.parse("2023-11-16 00:00").timed());
    }

    @Test
    void everyMomentIsReadAsTheLibraryOfTheLanguageReadsIt() throws Exception {
        var random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            long second = 946_684_800L + random.nextLong(3_155_760_000L - 86_400);
            int offsetMinutes = random.nextInt(-14 * 60, 14 * 60 + 1);
            OffsetDateTime time = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000))
                    .atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
            String pattern = List
                    .of("uuuu-MM-dd'T'HH:mm:ssXXX", "uuuu-MM-dd HH:mm:ss.SSSSSSSxx", "uuuu-MM-dd HH:mm:ss.SSSSSSSSSXXX")
                    .get(random.nextInt(3));
            String text = DateTimeFormatter.ofPattern(pattern).format(time);
            assertEquals(second, Moment.parse(text).epochSecond(), text);
        }
    }
}
