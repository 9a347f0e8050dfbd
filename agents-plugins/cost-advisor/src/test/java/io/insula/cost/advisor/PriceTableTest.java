package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static PriceTable read(String text) throws Exception {
        return PriceTableReader.read(Logs.stream(text), "your prices.csv");
    }

    private static String model(PriceTable table, String name) {
        return table.find(name).map(Price::model).orElse("none");
    }

    @Test
    void everyShippedPriceIsDatedSaysItsSourceAndKnowsItsSmallerModel() throws Exception {
        PriceTable table = PriceTableReader.shipped();
        for (Price price : table.prices()) {
            assertTrue(price.asOf().isAfter(LocalDate.of(2025, 1, 1)), price.model());
            assertFalse(price.note().isEmpty(), price.model());
            assertTrue(price.output().compareTo(price.input()) > 0, price.model());
            assertTrue(price.cachedInput().compareTo(price.input()) <= 0, price.model());
            if (!price.smallerModel().isEmpty()) {
                Price smaller = table.find(price.smallerModel()).orElseThrow();
                assertTrue(smaller.input().compareTo(price.input()) < 0, price.model());
            }
        }
        assertEquals("gpt-4o", table.reference().model());
    }

    @ParameterizedTest
    @CsvSource({
            "gpt-4o, gpt-4o", "GPT-4o, gpt-4o", "azure/gpt-4o, gpt-4o", "openrouter/openai/gpt-4o-mini, gpt-4o-mini",
            "gpt-4o-2024-05-13, gpt-4o-2024-05-13", "claude-3-5-sonnet-20241022, claude-3-5-sonnet-20*",
            "gpt-4o-audio-preview, none",
            "my-gpt-4o, none", "gpt-4, gpt-4", "gpt-4-32k, none", "claude-opus-4-5-20251101, claude-opus-4-5-20*",
            "/, none", "'', none"
    })
    void aModelIsFoundByItsNameAndNeverGuessed(String name, String row) throws Exception {
        assertEquals(row, model(PriceTableReader.shipped(), name));
    }

    @Test
    void ownPricesStandBeforeTheShippedOnesAndBringTheReferenceModel() throws Exception {
        PriceTable own = read("model,input,output\nGPT-4o,2.00,8\nhome-grown*,0.5,0.5\n");
        PriceTable table = PriceTableReader.shipped().overriddenBy(own);
        assertEquals("gpt-4o", table.reference().model());
        assertEquals(new BigDecimal("2.00"), table.find("gpt-4o").orElseThrow().input());
        assertEquals("home-grown*", model(table, "home-grown-7b"));
        assertEquals("gpt-4o-mini", model(table, "gpt-4o-mini"));
        assertTrue(table.source().startsWith("your prices.csv"));
    }

    @Test
    void aQuestionThatNamesExactlyOneModelChoosesIt() throws Exception {
        PriceTable table = PriceTableReader.shipped();
        assertEquals(Optional.of("gpt-4o-mini"), table.namedIn("And at gpt-4o-mini prices?").map(Price::model));
        assertEquals(Optional.of("gpt-4.1"), table.namedIn("What if we used GPT-4.1.").map(Price::model));
        assertTrue(table.namedIn("gpt-4o or gpt-4o-mini?").isEmpty());
        assertTrue(table.namedIn("Where does my spend go?").isEmpty());
        PriceTable chosen = table.withReference("o3");
        assertEquals("o3", chosen.reference().model());
        assertEquals(table.prices().size(), chosen.prices().size());
        assertEquals(table, table.withReference("unheard-of"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''|The price table is empty.",
            "'model,input\nm,1'|The price table has no column \"output\".",
            "'model,input,output'|The price table has no rows.",
            "'model,input,output\nm,1,-2'|The price table cannot be used, line 2: output must be US dollars",
            "'model,input,output\nm,1.0000001,2'|The price table cannot be used, line 2: input must be US dollars",
            "'model,input,output\nm,10000.01,2'|The price table cannot be used, line 2: input is over 10000",
            "'model,input,output\n*a*,1,2'|The price table cannot be used, line 2: the model must be a name",
            "'model,input,output\n,1,2'|The price table cannot be used, line 2: the model must be a name",
            "'model,input,output,as_of\nm,1,2,soon'|The price table cannot be used, line 2: as_of must be a date",
            "'model,input,output,batch_discount_percent\nm,1,2,101'|The price table cannot be used, line 2: batch_discount",
            "'model,input,output\nm,\"1'|The price table cannot be used, line 2: a quote is opened",
    })
    void aTableWithABadRowIsRefusedWhole(String text, String start) {
        String message = String.valueOf(assertThrows(UnusableLogException.class, () -> read(text)).getMessage());
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void aModelAtTheLimitIsReadAndOneCharacterMoreIsRefused() throws Exception {
        String longest = "m".repeat(200);
        assertEquals(longest, read("model,input,output\n" + longest + ",1,2\n").reference().model());
        assertThrows(UnusableLogException.class, () -> read("model,input,output\nm" + longest + ",1,2\n"));
    }

    @Test
    void rowsAtTheLimitAreReadAndOneMoreIsRefused() throws Exception {
        String most = "model,input,output\n" + "m,1,2\n".repeat(500);
        assertEquals(500, read(most).prices().size());
        assertThrows(UnusableLogException.class, () -> read(most + "m,1,2\n"));
    }

    @Test
    void aCostIsExactToAMillionthOfAMillionth() throws Exception {
        Price price = read("model,input,cached_input,cache_write,output\nm,0.15,0.075,0.1875,10000\n").reference();
        assertEquals(1 * 150_000L + 2 * 75_000L + 3 * 187_500L, price.picoDollars(6, 2, 3, 0));
        assertEquals(100_000_000L * 10_000_000_000L, price.picoDollars(0, 0, 0, 100_000_000));
    }
}
