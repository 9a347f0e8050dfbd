package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
    private final CommandRun command = new CommandRun(Path.of("/home/ada"));
    private final AnswerText answer = new AnswerText(new Screen(command.surroundings()));

    @Test
    void aWaitingMessageAtItsLimitIsWhole() {
        waiting(AnswerText.MOST_WAITING_CHARACTERS);

        assertEquals(AnswerText.MOST_WAITING_CHARACTERS,
                command.output().chars().filter(letter -> letter == 'x').count());
        assertTrue(command.output().endsWith("x\n"));
    }

    @Test
    void aWaitingMessageBeyondItsLimitSaysThatItWasCut() {
        waiting(AnswerText.MOST_WAITING_CHARACTERS + 1);

        assertTrue(command.output().endsWith("[the rest of this message was too long to keep]\n"));
    }

    @Test
    void whatIsOpenAtTheEndIsShown() {
        answer.begin("1");
        answer.begin("2");
        answer.add("2", "two");
        answer.add("1", "one");
        answer.close();

        assertEquals("one\n\ntwo\n", command.output());
    }

    private void waiting(int characters) {
        answer.begin("first");
        answer.begin("second");
        answer.add("second", "x".repeat(characters / 2));
        answer.add("second", "x".repeat(characters - characters / 2));
        answer.end("second");
        answer.end("first");
    }
}
