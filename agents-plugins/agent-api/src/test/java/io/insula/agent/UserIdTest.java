package io.insula.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "",
            " ",
            "\t",
            " ada",
            "ada ",
            "ada\n",
            "a\u0000b",
            "a\u200bb",
            "a\u202eb",
            "a\ud800b",
            "a\u2028b",
            "e\u0301"
    })
    void refusesSubjectsThatCannotBeToldApartByEye(String subject) {
        assertThrows(IllegalArgumentException.class, () -> new UserId("issuer", subject));
        assertThrows(IllegalArgumentException.class, () -> new UserId(subject, "subject"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anonymous", "Anonymous", "default", "null", "undefined", "none", "UNKNOWN"})
    void refusesPlaceholders(String subject) {
        assertThrows(IllegalArgumentException.class, () -> new UserId("issuer", subject));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "..",
            "/etc/passwd",
            "' OR 1=1 --",
            "a:b",
            "X-User: root",
            "CON",
            "\u00e9",
            "\ud83d\ude00",
            "test_1",
            "anonymous-2"
    })
    void takesWhateverElseAnIssuerSays(String subject) {
        assertEquals(subject, new UserId("issuer", subject).subject());
    }

    @Test
    void takesTheLongestSubjectAndNotOneCharacterMore() {
        String longest = "x".repeat(UserId.MAX_LENGTH);

        assertEquals(longest, new UserId("issuer", longest).subject());
        assertThrows(IllegalArgumentException.class, () -> new UserId("issuer", longest + "x"));
    }

    @Test
    void keepsApartWhatJoinsToTheSameString() {
        assertNotEquals(new UserId("a:b", "c"), new UserId("a", "b:c"));
        assertNotEquals(new UserId("issuer", "Ada"), new UserId("issuer", "ada"));
    }
}
