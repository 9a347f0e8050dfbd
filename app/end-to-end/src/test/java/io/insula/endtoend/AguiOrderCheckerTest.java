package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The checker passes what the protocol allows and notes each breach. */
class AguiOrderCheckerTest {
    private static final String ACCEPTED =
            "CUSTOM name=insula.run.accepted value={agent:'a',input:'',attachments:[],messageId:'u'}";
    private static final String STARTED = "RUN_STARTED runId='r',threadId='t',protocolVersion='1.0'";
    private static final String FINISHED = "RUN_FINISHED outcome={type:'success'}";

    private final JsonMapper json =
            JsonMapper.builder().configure(tools.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES, true)
                    .configure(tools.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES, true).build();

    @Test
    void passesARunThatDoesEverything() {
        assertEquals(List.of(), check(
                ACCEPTED,
                STARTED,
                "REASONING_START messageId='th'",
                "REASONING_MESSAGE_START messageId='th',role='reasoning'",
                "REASONING_MESSAGE_CONTENT messageId='th',delta='hm'",
                "REASONING_MESSAGE_END messageId='th'",
                "REASONING_END messageId='th'",
                "STEP_STARTED stepName='s'",
                "SUBAGENT_STARTED subagentRunId='x',name='b'",
                "STEP_STARTED stepName='s',subagentRunId='x'",
                "SUBAGENT_STARTED subagentRunId='y',name='c',parentSubagentRunId='x'",
                "TEXT_MESSAGE_START messageId='m',role='assistant',subagentRunId='y'",
                "TEXT_MESSAGE_CONTENT messageId='m',delta='w',subagentRunId='y'",
                "TEXT_MESSAGE_END messageId='m',subagentRunId='y'",
                "SUBAGENT_ERROR subagentRunId='y',message='no',code='c'",
                "STEP_FINISHED stepName='s',subagentRunId='x'",
                "SUBAGENT_FINISHED subagentRunId='x'",
                "TOOL_CALL_START toolCallId='c',toolCallName='n'",
                "TOOL_CALL_ARGS toolCallId='c',delta='{\"a\":'",
                "TOOL_CALL_ARGS toolCallId='c',delta='1}'",
                "TOOL_CALL_END toolCallId='c'",
                "CUSTOM name=insula.progress value={what:'w',done:1,total:2}",
                "TOOL_CALL_RESULT messageId='tm',toolCallId='c',content='{}'",
                "CUSTOM name=insula.question value={question:'q'}",
                "CUSTOM name=insula.answer value={question:'q',answer:true}",
                "STEP_FINISHED stepName='s'",
                FINISHED,
                "CUSTOM name=insula.messages.hidden value={runs:['r']}"));
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("instead of insula.run.accepted", STARTED),
                breach("does not say agent, input", "CUSTOM name=insula.run.accepted value={agent:'a'}"),
                breach("comes before RUN_STARTED", ACCEPTED, "STEP_STARTED stepName='s'"),
                breach("does not name its run", ACCEPTED,
                        "RUN_STARTED runId='other',threadId='t',protocolVersion='1.0'"),
                breach("is no event of a run", started(STARTED)),
                breach("is no event of a run", started("SOMETHING_NEW")),
                breach("has null for name", started("TEXT_MESSAGE_START messageId='m',role='assistant',name=null")),
                breach("not in the role", started("TEXT_MESSAGE_START messageId='m',role='user'")),
                breach("has no message id", started("TEXT_MESSAGE_START role='assistant'")),
                breach("message id m again", started(
                        "TEXT_MESSAGE_START messageId='m',role='assistant'",
                        "TEXT_MESSAGE_END messageId='m'",
                        "TEXT_MESSAGE_START messageId='m',role='assistant'")),
                breach("adds to the message m", started("TEXT_MESSAGE_CONTENT messageId='m',delta='x'")),
                breach("adds nothing", started(
                        "TEXT_MESSAGE_START messageId='m',role='assistant'",
                        "TEXT_MESSAGE_CONTENT messageId='m',delta=''")),
                breach("closes the message m", started("TEXT_MESSAGE_END messageId='m'")),
                breach("message m is open", started("TEXT_MESSAGE_START messageId='m',role='assistant'", FINISHED)),
                breach("outside a reasoning span", started("REASONING_MESSAGE_START messageId='m'")),
                breach("a span whose message is open", started(
                        "REASONING_START messageId='m'", "REASONING_MESSAGE_START messageId='m'",
                        "REASONING_END messageId='m'")),
                breach("reasoning m is open", started("REASONING_START messageId='m'", FINISHED)),
                breach("step s, which is open", started("STEP_STARTED stepName='s'", "STEP_STARTED stepName='s'")),
                breach("closes the step s", started("STEP_FINISHED stepName='s'")),
                breach("step s is open", started("STEP_STARTED stepName='s'", FINISHED)),
                breach("not name its tool", started("TOOL_CALL_START toolCallId='c'")),
                breach("adds to the tool call c", started("TOOL_CALL_ARGS toolCallId='c',delta='{}'")),
                breach("arguments that are not JSON", started(
                        "TOOL_CALL_START toolCallId='c',toolCallName='n'",
                        "TOOL_CALL_ARGS toolCallId='c',delta='{'",
                        "TOOL_CALL_END toolCallId='c'")),
                breach("before the TOOL_CALL_END", started(
                        "TOOL_CALL_START toolCallId='c',toolCallName='n'",
                        "TOOL_CALL_RESULT messageId='m',toolCallId='c',content='{}'")),
                breach("a call that was not made",
                        started("TOOL_CALL_RESULT messageId='m',toolCallId='c',content='{}'")),
                breach("has content that is not JSON", started(
                        "TOOL_CALL_START toolCallId='c',toolCallName='n'",
                        "TOOL_CALL_END toolCallId='c'",
                        "TOOL_CALL_RESULT messageId='m',toolCallId='c',content='no'")),
                breach("call c has no result", started(
                        "TOOL_CALL_START toolCallId='c',toolCallName='n'", "TOOL_CALL_END toolCallId='c'", FINISHED)),
                breach("which is not at work", started("STEP_STARTED stepName='s',subagentRunId='x'")),
                breach("another agent than the one that called", started(
                        "TOOL_CALL_START toolCallId='c',toolCallName='n'",
                        "TOOL_CALL_END toolCallId='c'",
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "TOOL_CALL_RESULT messageId='m',toolCallId='c',content='{}',subagentRunId='x'")),
                breach("closes the message m, which its agent has not open", started(
                        "TEXT_MESSAGE_START messageId='m',role='assistant'",
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "TEXT_MESSAGE_END messageId='m',subagentRunId='x'")),
                breach("sub-agent whose step s is open", started(
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "STEP_STARTED stepName='s',subagentRunId='x'",
                        "SUBAGENT_FINISHED subagentRunId='x'")),
                breach("sub-agent whose sub-agent y is open", started(
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "SUBAGENT_STARTED subagentRunId='y',name='c',parentSubagentRunId='x'",
                        "SUBAGENT_FINISHED subagentRunId='x'")),
                breach("still waits for the result", started(
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "TOOL_CALL_START toolCallId='c',toolCallName='n',subagentRunId='x'",
                        "TOOL_CALL_END toolCallId='c',subagentRunId='x'",
                        "SUBAGENT_FINISHED subagentRunId='x'")),
                breach("started by the sub-agent x",
                        started("SUBAGENT_STARTED subagentRunId='y',name='c',parentSubagentRunId='x'")),
                breach("does not name its agent", started("SUBAGENT_STARTED subagentRunId='y'")),
                breach("sub-agent id x again", started(
                        "SUBAGENT_STARTED subagentRunId='x',name='b'",
                        "SUBAGENT_FINISHED subagentRunId='x'",
                        "SUBAGENT_STARTED subagentRunId='x',name='b'")),
                breach("ends the sub-agent x", started("SUBAGENT_FINISHED subagentRunId='x'")),
                breach("code and message", started(
                        "SUBAGENT_STARTED subagentRunId='x',name='b'", "SUBAGENT_ERROR subagentRunId='x',message='m'")),
                breach("sub-agent x is open", started("SUBAGENT_STARTED subagentRunId='x',name='b'", FINISHED)),
                breach("not say what, done", started("CUSTOM name=insula.progress value={what:'w'}")),
                breach("is not in the protocol", started("CUSTOM name=insula.else value={}")),
                breach("question that is not open", started("CUSTOM name=insula.answer value={question:'q'}")),
                breach("question that is not open", started(
                        "CUSTOM name=insula.question value={question:'q'}",
                        "CUSTOM name=insula.answer value={question:'q',answer:'a'}",
                        "CUSTOM name=insula.answer value={question:'q',answer:'b'}")),
                breach("while a question is open",
                        started("CUSTOM name=insula.question value={question:'q'}", FINISHED)),
                breach("code and message", started("RUN_ERROR code='c'")),
                breach("has the outcome interrupt", started("RUN_FINISHED outcome={type:'interrupt'}")),
                breach("follows the end", started(FINISHED, "STEP_STARTED stepName='s'")),
                breach("follows the end", started(FINISHED, "RUN_ERROR code='c',message='m'")),
                breach("hides nothing", started(FINISHED, "CUSTOM name=insula.messages.hidden value={runs:[]}")),
                breach("which has not ended", started("CUSTOM name=insula.messages.hidden value={runs:['r']}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void notesABreach(String expected, String[] events) {
        var violations = check(events);

        assertTrue(violations.stream().anyMatch(violation -> violation.contains(expected)),
                () -> expected + " in " + violations);
    }

    @Test
    void notesAHoleADuplicateAndAWrongBeginning() {
        assertTrue(sequences(6, 8).getFirst().contains("a hole"));
        assertTrue(sequences(6, 6).getFirst().contains("a duplicate"));
        assertTrue(sequences(7).getFirst().contains("a hole"));
        assertTrue(sequences(5).getFirst().contains("a duplicate"));
    }

    @Test
    void notesAnEventWithoutATimeAndOneOfAnotherThread() {
        var checker = new AguiOrderChecker(0);
        checker.accept(new ReceivedEvent(1, "t", "r", json.readTree("{type:'CUSTOM'}")));
        checker.accept(new ReceivedEvent(2, "other", "r", event(STARTED)));

        assertTrue(checker.violations().stream().anyMatch(violation -> violation.contains("no timestamp")));
        assertTrue(checker.violations().stream().anyMatch(violation -> violation.contains("is of thread other")));
    }

    @Test
    void ofARunUnderWayItChecksTheRestAndOfALaterOneAll() {
        var checker = new AguiOrderChecker(7);
        checker.accept(new ReceivedEvent(8, "t", "r", event("TEXT_MESSAGE_END messageId='m'")));
        checker.accept(new ReceivedEvent(9, "t", "r", event(FINISHED)));
        checker.accept(new ReceivedEvent(10, "t", "later", event(ACCEPTED)));
        assertEquals(List.of(), checker.violations());

        checker.accept(new ReceivedEvent(11, "t", "r", event("STEP_STARTED stepName='s'")));
        checker.accept(new ReceivedEvent(12, "t", "later", event("STEP_STARTED stepName='s'")));
        assertTrue(checker.violations().getFirst().contains("follows the end"));
        assertTrue(checker.violations().get(1).contains("comes before RUN_STARTED"));
    }

    @Test
    void knowsWhichRunsAreOpen() {
        var checker = new AguiOrderChecker(0);
        checker.accept(new ReceivedEvent(1, "t", "r", event(ACCEPTED)));
        checker.accept(new ReceivedEvent(2, "t", "r", event(STARTED)));
        assertEquals("[r]", checker.openRuns().toString());

        checker.accept(new ReceivedEvent(3, "t", "r", event(FINISHED)));
        assertEquals("[]", checker.openRuns().toString());
    }

    private static Arguments breach(String expected, String... events) {
        return Arguments.of(expected, events);
    }

    private static String[] started(String... events) {
        var all = new ArrayList<>(List.of(ACCEPTED, STARTED));
        all.addAll(List.of(events));
        return all.toArray(String[]::new);
    }

    private List<String> check(String... events) {
        var checker = new AguiOrderChecker(0);
        for (int i = 0; i < events.length; i++) {
            checker.accept(new ReceivedEvent(i + 1L, "t", "r", event(events[i])));
        }
        return checker.violations();
    }

    private List<String> sequences(long... sequences) {
        var checker = new AguiOrderChecker(5);
        var events = List.of(ACCEPTED, STARTED);
        for (int i = 0; i < sequences.length; i++) {
            checker.accept(new ReceivedEvent(sequences[i], "t", "r", event(events.get(i))));
        }
        return checker.violations();
    }

    /** {@code TYPE name='value',…}, and for custom events {@code CUSTOM name=NAME value={…}}. */
    private tools.jackson.databind.JsonNode event(String text) {
        int space = text.indexOf(' ');
        String type = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space + 1);
        if (type.equals("CUSTOM")) {
            rest = rest.replaceFirst("name=(\\S+) value=", "name='$1',value=");
        }
        String members = rest.replaceAll("(\\w+)=", "$1:");
        return json.readTree("{type:'" + type + "',timestamp:1" + (members.isEmpty() ? "" : "," + members) + "}");
    }
}
