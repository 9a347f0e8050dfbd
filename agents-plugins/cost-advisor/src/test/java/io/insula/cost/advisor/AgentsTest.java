package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunStoppedException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentsTest {
    private static final String QUESTION = "Where does my spend go and what should I change?";
    private static final String TRACE = """
            TIMESTAMP,ContextTokens,GeneratedTokens\r
            2023-11-16 18:15:46.6805900,374,44\r
            2023-11-16 18:55:50.9951690,396,109\r
            """;
    private static final List<String> ALL_FIVE =
            List.of("agent triage", "agent data", "agent optimization", "agent actions", "agent reporting");

    private final RecordingContext.World world = new RecordingContext.World();

    private List<String> agents() {
        return world.events.stream().filter(event -> event.startsWith("agent ")).toList();
    }

    private String report() {
        return world.messages.getLast();
    }

    private String firstLine() {
        return report().lines().findFirst().orElse("");
    }

    @Test
    void aLogIsAnsweredByAllFivePartsAndOneReport() throws Exception {
        Record result = world.run("cost-advisor", QUESTION, world.file("trace.csv", TRACE));
        assertInstanceOf(AgentResult.Nothing.class, result);
        assertEquals(ALL_FIVE, agents());
        assertEquals(
                List.of("tool inspect-usage-log", "tool read-price-table", "tool measure-usage"),
                world.events.stream().filter(event -> event.startsWith("tool ")).toList());
        assertTrue(world.events.contains("progress Reading trace.csv " + TRACE.length() + "/" + TRACE.length()));
        assertEquals(1, world.messages.size());
        assertTrue(firstLine().startsWith("Priced at the reference model `gpt-4o` and at no other"), firstLine());
        assertTrue(report().contains("> " + QUESTION), report());
        assertTrue(report().contains("**2 requests, cost USD 0.003455**: 770 input tokens and 153 output tokens"),
                report());
    }

    @Test
    void withoutALogTheUserIsAskedForItAndTheWorkGoesOn() throws Exception {
        world.answers.add(List.of(world.file("trace.csv", TRACE)));
        world.run("cost-advisor", QUESTION);
        String asked = world.events.stream().filter(event -> event.startsWith("ask ")).findFirst().orElse("");
        assertTrue(asked.startsWith("ask Files"), asked);
        assertTrue(asked.contains(Words.COLUMNS_THAT_HELP), asked);
        assertEquals(ALL_FIVE, agents());
        assertTrue(report().contains("**2 requests, cost"), report());
    }

    @Test
    void anAnswerWithoutALogIsReportedAndEndsTheRun() {
        world.answers.add(List.of(world.file("prices.csv", "model,input,output\nm,1,2\n")));
        AgentFailure failure = assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION));
        assertEquals("log-missing", failure.code());
        assertEquals(List.of("agent triage", "agent reporting"), agents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b\n1,2\n", "input_tokens,output_tokens\n", "input_tokens,output_tokens\nx,y\n",
            "\u0000\u0001"})
    void aBrokenFileIsReportedWithItsReasonAndEndsTheRun(String text) {
        Attachment broken = world.file("broken.csv", text);
        AgentFailure failure = assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION, broken));
        assertEquals("log-unusable", failure.code());
        assertEquals(List.of("agent triage", "agent reporting"), agents());
        assertTrue(firstLine().startsWith("Nothing is priced"), firstLine());
        assertTrue(report().contains("**triage** (`log-unusable`): \"broken.csv\": "), report());
    }

    @Test
    void aFileThatIsGoneIsReported() {
        Attachment gone = world.file("gone.csv", TRACE);
        world.files.clear();
        AgentFailure failure = assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION, gone));
        assertEquals("file-unreadable", failure.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "optimization", "actions"})
    void reportingRunsWhateverFailedAndSaysWhat(String failing) throws Exception {
        world.agents.put(failing, () -> context -> {
            throw new AgentFailure("out-of-order", "It is broken.");
        });
        Attachment log = world.file("trace.csv", TRACE);
        if (failing.equals("data")) {
            assertEquals(
                    "out-of-order",
                    assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION, log)).code());
        } else {
            world.run("cost-advisor", QUESTION, log);
            assertTrue(report().contains("**2 requests, cost"), report());
        }
        assertEquals("agent reporting", agents().getLast());
        assertTrue(report().contains("**" + failing + "** (`out-of-order`): It is broken."), report());
    }

    @Test
    void aFailedReportIsTheRunsFailure() {
        world.agents.put("reporting", () -> context -> {
            throw new AgentFailure("no-ink", "It cannot write.");
        });
        Attachment log = world.file("trace.csv", TRACE);
        assertEquals("no-ink", assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION, log)).code());
    }

    @Test
    void attachedPricesWinAndAreNamedInTheFirstLine() throws Exception {
        Attachment prices = world.file("Prices.csv", "model,input,output,as_of\nour-model,1000,2000,2026-01-31\n");
        world.run("cost-advisor", QUESTION, prices, world.file("trace.csv", TRACE));
        assertTrue(firstLine().contains("`our-model`"), firstLine());
        assertTrue(firstLine().contains("your Prices.csv"), firstLine());
        assertTrue(firstLine().contains("as of 2026-01-31"), firstLine());
        assertTrue(report().contains("**2 requests, cost USD 1.08**"), report());
    }

    @Test
    void badPricesAreReportedAndNothingIsPricedOtherwise() {
        Attachment prices = world.file("prices.csv", "model,input,output\nour-model,cheap,2\n");
        Attachment log = world.file("trace.csv", TRACE);
        AgentFailure failure = assertThrows(AgentFailure.class, () -> world.run("cost-advisor", QUESTION, prices, log));
        assertEquals("prices-unusable", failure.code());
        assertTrue(report().contains("line 2: input must be US dollars"), report());
    }

    @Test
    void aModelNamedInTheQuestionIsTheReference() throws Exception {
        world.run("cost-advisor", "And at gpt-4o-mini prices?", world.file("trace.csv", TRACE));
        assertTrue(firstLine().startsWith("Priced at the reference model `gpt-4o-mini`"), firstLine());
    }

    @Test
    void aFollowingQuestionUsesTheLogOfTheThread() throws Exception {
        Attachment log = world.file("trace.csv", TRACE);
        world.conversation.add(new ConversationMessage(
                ConversationMessage.Role.USER, "cost-advisor", QUESTION, List.of(log), Instant.EPOCH));
        world.conversation.add(new ConversationMessage(
                ConversationMessage.Role.ASSISTANT, "cost-advisor", "a report", List.of(), Instant.EPOCH));
        world.run("cost-advisor", "And at o3 prices?");
        assertTrue(firstLine().contains("`o3`"), firstLine());
    }

    @Test
    void filesThatAreNotReadAreNamed() throws Exception {
        world.run("cost-advisor", QUESTION, world.file("one.csv", TRACE), world.file("two.csv", TRACE));
        assertTrue(report().contains("\"two.csv\" was not read"), report());
    }

    @Test
    void triageTellsSufficientFromPartial() throws Exception {
        Attachment whole = world.file("whole.csv", "time,model,input_tokens,output_tokens\n1700158546,gpt-4o,1,2\n");
        assertEquals(Triage.Verdict.SUFFICIENT, ((Triage) world.run("triage", "", whole)).verdict());
        Triage partial = (Triage) world.run("triage", "", world.file("trace.csv", TRACE));
        assertEquals(Triage.Verdict.PARTIAL, partial.verdict());
        assertTrue(partial.missing().getFirst().startsWith("model: "), partial.missing().toString());
        assertTrue(report().contains("load per minute and hour"), report());
    }

    @Test
    void everyPartAnswersAUserWhoCallsItAlone() throws Exception {
        Attachment log = world.file("trace.csv", TRACE);
        for (String agent : List.of("data", "optimization", "actions")) {
            world.run(agent, "", log);
            assertTrue(firstLine().startsWith("Priced at the reference model"), agent + ": " + report());
            assertEquals("log-missing", assertThrows(AgentFailure.class, () -> world.run(agent, "")).code());
        }
        world.run("reporting", "", log);
        assertTrue(report().contains("Ask `cost-advisor`"), report());
        assertEquals(4, world.messages.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2\n", "x,2\n"})
    void aStopEndsTheReadingOfALongLogInItsMiddle(String row) throws Exception {
        Attachment log = world.file("long.csv", "input_tokens,output_tokens\n1,2\n" + row.repeat(100_000));
        world.run("data", "", log);
        long checkpoints = world.events.stream().filter(event -> event.equals("checkpoint")).count();
        assertTrue(checkpoints > 20, checkpoints + " checkpoints");
        world.checkpointsLeft = 5;
        assertThrows(RunStoppedException.class, () -> world.run("cost-advisor", QUESTION, log));
        assertEquals(1, world.messages.size(), "the stopped run says nothing");
    }

    @Test
    void theSameInputIsAnsweredByTheSameCallsInTheSameOrder() throws Exception {
        Attachment log = world.file("trace.csv", TRACE);
        world.run("cost-advisor", QUESTION, log);
        List<String> first = List.copyOf(world.events);
        world.events.clear();
        world.run("cost-advisor", QUESTION, log);
        assertEquals(first, world.events);
        assertEquals(world.messages.get(0), world.messages.get(1));
    }

    @Test
    void whatTheFileSaysNeverBecomesMarkup() throws Exception {
        String hostile = "![x](http://evil.example/?q) <img src=x> | ` **b**";
        world.run("cost-advisor", hostile, world.file("a[b](c)|.csv",
                "user,model,input_tokens,output_tokens\n\"" + hostile + "\",\"" + hostile + "\",1,2\n\"x\",m,<b>,1\n"));
        String withoutCode = report().replaceAll("`[^`\n]*`", "");
        assertTrue(withoutCode.contains("!\\[x\\](http://evil.example/?q) \\<img src=x\\> \\| "), withoutCode);
        for (String markup : List.of("![", "<img", "<b>", "**b**", "[b](c)")) {
            assertTrue(!withoutCode.replace("\\" + markup, "").contains(markup), markup + " in " + withoutCode);
        }
    }
}
