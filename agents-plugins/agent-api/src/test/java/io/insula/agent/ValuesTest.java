package io.insula.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final Attachment FILE = new Attachment(new AttachmentId("f"), "f.csv", "text/csv", 1);

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a\n", "\u00e4", "a\"b"})
    void idsHoldNothingThatNeedsQuoting(String value) {
        assertThrows(IllegalArgumentException.class, () -> new ThreadId(value));
        assertThrows(IllegalArgumentException.class, () -> new RunId(value));
        assertThrows(IllegalArgumentException.class, () -> new AttachmentId(value));
    }

    @Test
    void idsHaveALongestLength() {
        String longest = "x".repeat(RunId.MAX_LENGTH);

        assertEquals(longest, new RunId(longest).toString());
        assertThrows(IllegalArgumentException.class, () -> new RunId(longest + "x"));
    }

    @Test
    void inputsKeepTheirOwnListOfAttachments() {
        List<Attachment> given = new ArrayList<>(List.of(FILE));

        AgentInput input = new AgentInput("text", given);
        given.clear();

        assertEquals(List.of(FILE), input.attachments());
        assertThrows(UnsupportedOperationException.class, () -> input.attachments().clear());
    }

    @Test
    void choicesHaveTwoToFiftyDifferentOptions() {
        List<String> most =
                IntStream.range(0, Question.Choice.MAX_OPTIONS).mapToObj(Integer::toString).toList();
        List<String> tooMany = new ArrayList<>(most);
        tooMany.add("one more");

        assertEquals(most, new Question.Choice("which?", most).options());
        assertThrows(IllegalArgumentException.class, () -> new Question.Choice("which?", tooMany));
        assertThrows(IllegalArgumentException.class, () -> new Question.Choice("which?", List.of("only")));
        assertThrows(
                IllegalArgumentException.class, () -> new Question.Choice("which?", Collections.nCopies(2, "same")));
    }

    @Test
    void questionsHaveALongestText() {
        String longest = "x".repeat(Question.MAX_TEXT_LENGTH);

        assertEquals(longest, new Question.Approval(longest).text());
        assertThrows(IllegalArgumentException.class, () -> new Question.Approval(longest + "x"));
        assertThrows(IllegalArgumentException.class, () -> new Question.Files(" "));
    }

    @Test
    void failedOutcomesThrowWithTheirCodeWhereTheyAreNeeded() throws AgentFailure {
        Outcome<AgentResult.Nothing> completed = new Outcome.Completed<>(new AgentResult.Nothing());
        Outcome<AgentResult.Nothing> failed = new Outcome.Failed<>("advisor.no-data", "There is no data.");

        assertEquals(new AgentResult.Nothing(), completed.orFail());
        AgentFailure failure = assertThrows(AgentFailure.class, failed::orFail);
        assertEquals("advisor.no-data", failure.code());
        assertEquals("There is no data.", failure.getMessage());
    }

    @Test
    void failureCodesAreWords() {
        assertThrows(IllegalArgumentException.class, () -> new AgentFailure("No Data", "text"));
        assertThrows(IllegalArgumentException.class, () -> new AgentFailure("a.b.c", "text"));
        assertThrows(IllegalArgumentException.class, () -> new AgentFailure("x".repeat(65), "text"));
    }
}
