package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> AGENTS = List.of("cost-advisor", "data", "hello");

    @Test
    void aSlipOfTheHandIsUnderstood() {
        assertEquals(Optional.of("cost-advisor"), Suggestion.nearest("cost-adviser", AGENTS));
        assertEquals(Optional.of("hello"), Suggestion.nearest("helo", AGENTS));
    }

    @Test
    void whatResemblesNothingGivesNoSuggestion() {
        assertEquals(Optional.empty(), Suggestion.nearest("weather", AGENTS));
        assertEquals("", Suggestion.sentence("weather", AGENTS));
    }
}
