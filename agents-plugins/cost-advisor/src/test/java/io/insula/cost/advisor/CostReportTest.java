package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostReportTest {
    private static String resource(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(CostReportTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theReportOfASmallLogIsTheOneWrittenDown() throws Exception {
        // The figures of the expected report were checked by hand against the eight lines of the log.
        var world = new RecordingContext.World();
        world.run("cost-advisor", "Where does my spend go and what should I change?",
                world.file("small.csv", resource("small.csv")));
        assertEquals(resource("small-report.md"), world.messages.getLast());
    }

    @Test
    void aReportOfNothingButFailuresSaysThem() {
        var request = new ReportRequest("Why?", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                List.of(new StepFailure("triage", "log-unusable", "The file is empty.")));
        assertEquals(
                """
                        Nothing is priced: there are no figures of a log.

                        # Language model spend

                        > Why?

                        ## What failed

                        - **triage** (`log-unusable`): The file is empty.
                        """,
                String.join("\n", new CostReport(request).sections()));
    }

    @Test
    void theFirstLineNamesTheLogsOwnCostsAndWhatElseIsPriced() throws Exception {
        UsageStatistics statistics = Logs.measure("""
                model,prompt_tokens,completion_tokens,cost
                gpt-4o,1,1,0.5
                gpt-4o,1,1,
                unheard-of,1,1,
                """);
        String sentence = PricingSentence.of(statistics.pricing());
        assertTrue(sentence
                .startsWith("Costs are those in the log's own column `cost` (1 request), taken as US dollars. Priced"
                        + " where the log has no cost (1 request) by the model named in each row (prices from "),
                sentence);
        assertTrue(sentence.endsWith(" Not priced: 1 request of models that are not in the price table."), sentence);
        assertEquals(
                "Nothing is priced: no model of this log is in the price table.",
                PricingSentence.of(Logs.measure("model,prompt_tokens,completion_tokens\nx,1,1\n").pricing()));
    }
}
