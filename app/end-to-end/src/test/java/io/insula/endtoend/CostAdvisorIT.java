package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost advisor, from the upload to the report. */
@ExtendWith(SharedApp.class)
class CostAdvisorIT {
    private static final String QUESTION = "Where does my spend go and what should I change?";
    private static final List<String> FIVE = List.of("triage", "data", "optimization", "actions", "reporting");
    private static final Pattern PRICES = Pattern.compile("USD ([0-9.]+) per million input tokens.*?output ([0-9.]+)");
    private static final long SEED = 20_261_101;

    private final PackagedApp app;

    CostAdvisorIT(PackagedApp app) {
        this.app = app;
    }

    /** A log of 5,000 requests to two models over some hours. */
    private static byte[] generated() {
        var random = new Random(SEED);
        var csv = new StringBuilder("timestamp,model,prompt_tokens,completion_tokens,user\n");
        var time = Instant.parse("2026-10-01T08:00:00Z");
        for (int i = 0; i < 5_000; i++) {
            time = time.plusMillis(random.nextInt(5_000));
            csv.append(time).append(',').append(i % 3 == 0 ? "gpt-4o" : "gpt-4o-mini").append(',')
                    .append(50 + random.nextInt(8_000)).append(',').append(1 + random.nextInt(900)).append(",team-")
                    .append(random.nextInt(6)).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String report(InsulaClient user, String run) {
        var report = new StringBuilder();
        user.events(run).stream().filter(event -> event.type().equals("TEXT_MESSAGE_CONTENT"))
                .forEach(event -> report.append(event.text("delta")));
        return report.toString();
    }

    private static List<String> subAgents(InsulaClient user, String run) {
        return user.events(run).stream().filter(event -> event.type().equals("SUBAGENT_STARTED"))
                .map(event -> event.text("name"))
                .toList();
    }

    private static void assertTotals(UsageCount count, String report) {
        for (String words : List.of(count.requestWords(), count.inputWords(), count.outputWords())) {
            assertTrue(report.contains(words), () -> words + " in " + report);
        }
    }

    private InsulaClient.Started ask(InsulaClient user, String token, String name, byte[] content) throws Exception {
        var file = Upload.of(app, token, name, content);
        return user.start(Runs.with(user.run("cost-advisor", QUESTION, "costs"), "attachments", file));
    }

    @Test
    void reportsTheTotalsOfAnAttachedLogInFiveSteps() throws Exception {
        var token = app.token("costs-generated");
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = ask(user, token, "usage.csv", generated());

            assertSuccess(user.awaitEnd(started.run()));

            assertEquals(FIVE, subAgents(user, started.run()));
            assertTotals(UsageCount.of(generated(), 2, 3), report(user, started.run()));
            var types = user.events(started.run()).stream().map(ReceivedEvent::type).toList();
            assertTrue(types.contains("TOOL_CALL_RESULT") && types.contains("REASONING_MESSAGE_CONTENT"),
                    types::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AzureLLMInferenceTrace_conv.csv", "AzureLLMInferenceTrace_code.csv"})
    void reportsTheTotalsOfARealTraceAtOneReferencePrice(String name) throws Exception {
        var file = Path.of(System.getProperty("reactor.root"), "..", "shared", "data", name).normalize();
        assumeTrue(Files.exists(file), name + " does not lie beside the project in shared/data");
        var content = Files.readAllBytes(file);
        var count = UsageCount.of(content, 1, 2);
        var token = app.token("costs-" + name);
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = ask(user, token, name, content);

            assertSuccess(user.awaitEnd(started.run()));

            assertEquals(FIVE, subAgents(user, started.run()));
            var report = report(user, started.run());
            assertTotals(count, report);
            var prices = PRICES.matcher(report.lines().findFirst().orElse(""));
            assertTrue(prices.find(), () -> "the first line names no price: " + report);
            var cost = count.cost(prices.group(1), prices.group(2));
            assertTrue(report.contains("cost " + cost), () -> cost + " in " + report);
            System.out.println(name + ": " + count + ", " + cost);
        }
    }

    @Test
    void asksForTheLogWhereThereIsNoneAndReportsOnTheAnswer() throws Exception {
        var token = app.token("costs-asked");
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = user.start("cost-advisor", QUESTION);
            var question = user.awaitQuestion(started.run());
            assertTrue(Runs.only(user.read(started.run()).path("questions")).path("text").asString().contains("model"));

            user.succeed(Runs.with(user.answer(started.run(), question), "attachments",
                    Upload.of(app, token, "usage.csv", generated())));

            assertSuccess(user.awaitEnd(started.run()));
            assertTotals(UsageCount.of(generated(), 2, 3), report(user, started.run()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not,a,log\n1,2,3\n", "\u0000\u0001\u0002",
            "timestamp,prompt_tokens,completion_tokens\nx,y,z\n"})
    void saysWhyAFileCannotBeUsed(String content) throws Exception {
        var token = app.token("costs-broken");
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = ask(user, token, "broken.csv", content.getBytes(StandardCharsets.UTF_8));

            assertEquals("cost-advisor.log-unusable", Runs.error(user, started.run()));

            assertTrue(user.awaitEnd(started.run()).text("message").contains("broken.csv"));
            assertEquals("reporting", subAgents(user, started.run()).getLast());
            assertTrue(report(user, started.run()).contains("What failed"), () -> report(user, started.run()));
        }
    }

    @Test
    void countsAndShowsMalformedRowsAndUsesTheRest() throws Exception {
        var token = app.token("costs-malformed");
        var lines = new String(generated(), StandardCharsets.UTF_8).lines().toList();
        var csv =
                String.join("\n", lines.subList(0, 100)) + "\nbroken row\n" + String.join("\n", lines.subList(100, 200))
                        + "\n2026-10-01T08:00:00Z,gpt-4o,minus one,5,team-1\n";
        var good = String.join("\n", lines.subList(0, 200));
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = ask(user, token, "usage.csv", csv.getBytes(StandardCharsets.UTF_8));

            assertSuccess(user.awaitEnd(started.run()));

            var report = report(user, started.run());
            assertTotals(UsageCount.of(good.getBytes(StandardCharsets.UTF_8), 2, 3), report);
            assertTrue(report.contains("2 malformed rows") && report.contains("| 101 |") && report.contains("| 202 |"),
                    report);
        }
    }

    @Test
    void answersInTheTerminalWithAnAttachedFile(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("usage.csv"), generated());

        var run = app.command("ask", "cost-advisor", "--attach", file.toString(), QUESTION);

        assertEquals(0, run.status(), run::output);
        assertTotals(UsageCount.of(generated(), 2, 3), run.output());
        for (String agent : FIVE) {
            assertTrue(run.output().contains(agent), run::output);
        }
        assertFalse(run.output().contains("Exception"), run::output);
    }

    @Test
    void tellsInTheTerminalWhyABrokenFileCannotBeUsed(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("broken.csv"), "nothing\n");

        var run = app.command("ask", "cost-advisor", "--attach", file.toString(), QUESTION);

        assertNotEquals(0, run.status(), run::output);
        assertTrue(run.output().contains("broken.csv"), run::output);
        assertFalse(run.output().contains("\tat "), run::output);
    }
}
