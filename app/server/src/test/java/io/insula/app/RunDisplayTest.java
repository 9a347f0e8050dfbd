package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RunDisplayTest {
    private final CommandRun command = new CommandRun(Path.of("/home/ada"));

    @Test
    void whatIsSaidGoesToTheOutputAndWhatIsDoneToTheErrorStreamNested() {
        show("""
                {"type":"CUSTOM","timestamp":1000,"name":"insula.run.accepted","value":{"agent":"cost-advisor"}}
                {"type":"RUN_STARTED","timestamp":1000}
                {"type":"STEP_STARTED","timestamp":1000,"stepName":"look"}
                {"type":"SUBAGENT_STARTED","timestamp":1100,"subagentRunId":"a","name":"triage"}
                {"type":"TOOL_CALL_START","timestamp":1200,"subagentRunId":"a","toolCallId":"t","toolCallName":"read-log"}
                {"type":"TOOL_CALL_ARGS","timestamp":1200,"subagentRunId":"a","toolCallId":"t","delta":"{\\"file\\":"}
                {"type":"TOOL_CALL_ARGS","timestamp":1200,"subagentRunId":"a","toolCallId":"t","delta":"\\"a.csv\\"}"}
                {"type":"TOOL_CALL_END","timestamp":1200,"subagentRunId":"a","toolCallId":"t"}
                {"type":"TOOL_CALL_RESULT","timestamp":1450,"subagentRunId":"a","toolCallId":"t","content":"{\\"rows\\":3}"}
                {"type":"SUBAGENT_STARTED","timestamp":1500,"subagentRunId":"b","name":"data","parentSubagentRunId":"a"}
                {"type":"SUBAGENT_ERROR","timestamp":1600,"subagentRunId":"b","message":"no rows","code":"agent-failed"}
                {"type":"SUBAGENT_FINISHED","timestamp":3100,"subagentRunId":"a"}
                {"type":"STEP_FINISHED","timestamp":3200,"stepName":"look"}
                {"type":"TEXT_MESSAGE_START","timestamp":3300,"messageId":"m","role":"assistant"}
                {"type":"TEXT_MESSAGE_CONTENT","timestamp":3300,"messageId":"m","delta":"# Report"}
                {"type":"TEXT_MESSAGE_CONTENT","timestamp":3300,"messageId":"m","delta":"\\nAll is well."}
                {"type":"TEXT_MESSAGE_END","timestamp":3300,"messageId":"m"}
                {"type":"RUN_FINISHED","timestamp":4000,"outcome":{"type":"success"},"result":{}}
                """);

        assertEquals("# Report\nAll is well.\n", command.output());
        assertEquals("""
                cost-advisor has the question
                look ...
                  triage ...
                    tool read-log {"file":"a.csv"}
                    tool read-log: 10 B in 250 ms
                    data ...
                    data: failed after 100 ms: no rows [agent-failed]
                  triage: done in 2.0 s
                look: done in 2.2 s
                done in 3.0 s
                """, command.errors());
    }

    @Test
    void messagesOfSubAgentsBelongToTheAnswerAndAreSetApart() {
        show("""
                {"type":"TEXT_MESSAGE_START","messageId":"1"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"1","delta":"one"}
                {"type":"TEXT_MESSAGE_END","messageId":"1"}
                {"type":"TEXT_MESSAGE_START","messageId":"2","subagentRunId":"a"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"2","subagentRunId":"a","delta":"two"}
                {"type":"TEXT_MESSAGE_END","messageId":"2","subagentRunId":"a"}
                """);

        assertEquals("one\n\ntwo\n", command.output());
    }

    @Test
    void messagesWrittenAtTheSameTimeAreNotMixed() {
        show("""
                {"type":"TEXT_MESSAGE_START","messageId":"1"}
                {"type":"TEXT_MESSAGE_START","messageId":"2"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"2","delta":"two"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"1","delta":"on"}
                {"type":"TEXT_MESSAGE_END","messageId":"2"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"1","delta":"e"}
                {"type":"TEXT_MESSAGE_END","messageId":"1"}
                """);

        assertEquals("one\n\ntwo\n", command.output());
    }

    @Test
    void aToolThatFailedSaysWhy() {
        show("""
                {"type":"TOOL_CALL_START","timestamp":0,"toolCallId":"t","toolCallName":"read-log"}
                {"type":"TOOL_CALL_END","timestamp":0,"toolCallId":"t"}
                {"type":"TOOL_CALL_RESULT","timestamp":5,"toolCallId":"t","content":"{\\"error\\":{\\"code\\":\\"tool-failed\\",\\"message\\":\\"broken\\"}}"}
                """);

        assertTrue(command.errors().endsWith("tool read-log: failed after 5 ms: broken [tool-failed]\n"),
                command.errors());
    }

    @Test
    void thoughtsAreShownWholeWhenTheyEnd() {
        show("""
                {"type":"REASONING_START","messageId":"r"}
                {"type":"REASONING_MESSAGE_START","messageId":"r"}
                {"type":"REASONING_MESSAGE_CONTENT","messageId":"r","delta":"first\\nsec"}
                {"type":"REASONING_MESSAGE_CONTENT","messageId":"r","delta":"ond"}
                {"type":"REASONING_MESSAGE_END","messageId":"r"}
                {"type":"REASONING_END","messageId":"r"}
                """);

        assertEquals("thinks: first\nthinks: second\n", command.errors());
        assertEquals("", command.output());
    }

    @Test
    void progressIsSparseWhereLinesCannotBeReplaced() {
        var events = new StringBuilder();
        for (int i = 0; i <= 100; i++) {
            events.append("{\"type\":\"CUSTOM\",\"name\":\"insula.progress\",\"value\":{\"what\":\"rows\",\"done\":")
                    .append(i)
                    .append(",\"total\":100}}\n");
        }
        show(events.toString());

        assertEquals("rows: 0%\nrows: 25%\nrows: 50%\nrows: 75%\nrows: 100%\n", command.errors());
    }

    @Test
    void progressIsOneChangingLineAtATerminal() {
        command.atTerminal().with("NO_COLOR", "1");
        show("""
                {"type":"CUSTOM","name":"insula.progress","value":{"what":"rows","done":1,"total":4}}
                {"type":"CUSTOM","name":"insula.progress","value":{"what":"rows","done":2,"total":4}}
                {"type":"STEP_STARTED","stepName":"next"}
                """);

        assertEquals("\r\u001b[Krows: 25%\r\u001b[Krows: 50%\r\u001b[Knext ...\n", command.errors());
    }

    @Test
    void coloursNeedATerminalThatWantsThem() {
        command.atTerminal();
        show("{\"type\":\"RUN_STARTED\",\"timestamp\":0}\n{\"type\":\"RUN_FINISHED\",\"timestamp\":0,\"outcome\":{\"type\":\"cancelled\"}}");

        assertEquals("\u001b[2mstopped in 0 ms\u001b[0m\n", command.errors());
    }

    @Test
    void nothingOfAnAgentReachesTheTerminalUnsafe() {
        var evil = "\\u001b[2J\\u009b2J\\u202e\\n\\rfake";
        show("""
                {"type":"CUSTOM","name":"insula.run.accepted","value":{"agent":"EVIL"}}
                {"type":"STEP_STARTED","stepName":"EVIL"}
                {"type":"STEP_FINISHED","stepName":"EVIL"}
                {"type":"SUBAGENT_STARTED","subagentRunId":"a","name":"EVIL"}
                {"type":"SUBAGENT_ERROR","subagentRunId":"a","message":"EVIL","code":"EVIL"}
                {"type":"TOOL_CALL_START","toolCallId":"t","toolCallName":"EVIL"}
                {"type":"TOOL_CALL_ARGS","toolCallId":"t","delta":"EVIL"}
                {"type":"TOOL_CALL_END","toolCallId":"t"}
                {"type":"TOOL_CALL_RESULT","toolCallId":"t","content":"{\\"error\\":{\\"code\\":\\"x\\",\\"message\\":\\"EVIL\\"}}"}
                {"type":"REASONING_MESSAGE_START","messageId":"r"}
                {"type":"REASONING_MESSAGE_CONTENT","messageId":"r","delta":"EVIL"}
                {"type":"REASONING_MESSAGE_END","messageId":"r"}
                {"type":"CUSTOM","name":"insula.progress","value":{"what":"EVIL","done":1,"total":1}}
                {"type":"TEXT_MESSAGE_START","messageId":"1"}
                {"type":"TEXT_MESSAGE_CONTENT","messageId":"1","delta":"EVIL"}
                {"type":"TEXT_MESSAGE_END","messageId":"1"}
                """.replace("EVIL", evil));

        var all = command.output() + command.errors();
        assertFalse(
                all.chars().anyMatch(letter -> letter == 0x1b || letter == 0x9b || letter == 0x202e || letter == '\r'));
        assertTrue(command.errors().lines().noneMatch(line -> line.startsWith("fake")), command.errors());
    }

    @Test
    void eventsOfALaterProtocolAreIgnored() {
        show("{\"type\":\"SOMETHING_NEW\"}\n{\"type\":\"CUSTOM\",\"name\":\"new\"}\n{}\n");

        assertEquals("", command.output() + command.errors());
    }

    private void show(String events) {
        var display = new RunDisplay(new Screen(command.surroundings()));
        events.lines().forEach(line -> {
            var positioned = Json.object();
            positioned.set("event", Json.object(line));
            display.show(positioned);
        });
    }
}
