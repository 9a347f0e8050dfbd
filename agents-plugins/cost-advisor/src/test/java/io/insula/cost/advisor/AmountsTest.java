package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
    private final Amounts amounts = new Amounts(ReadingLimits.defaults());

    @ParameterizedTest
    @CsvSource({"0, 0", "374, 374", "374.0, 374", "1e3, 1000", "000007, 7", "100000000, 100000000"})
    void wholeNumbersAreTokens(String text, long expected) throws Exception {
        assertEquals(expected, amounts.tokens(text, Field.INPUT_TOKENS));
    }

    @ParameterizedTest
    @CsvSource({
            "'', no input tokens",
            "-1, input tokens \"-1\" is negative",
            "1.5, input tokens \"1.5\" is not a whole number",
            "abc, input tokens \"abc\" is not a number",
            "'1,234', 'input tokens \"1,234\" is not a number'",
            "100000001, input tokens 100000001 is over 100000000",
            "99999999999999999999, input tokens \"99999999999999999999\" is too large",
            "1e999999999, input tokens \"1e999999999\" is too large",
            "1e-999999999, ''",
            "NaN, input tokens \"NaN\" is not a number",
            "0x10, input tokens \"0x10\" is not a number",
    })
    void whatIsNoCountOfTokensIsMalformed(String text, String reason) throws Exception {
        if (reason.isEmpty()) {
            assertEquals(0, amounts.tokens(text, Field.INPUT_TOKENS));
            return;
        }
        MalformedRowException problem =
                assertThrows(MalformedRowException.class, () -> amounts.tokens(text, Field.INPUT_TOKENS));
        assertEquals(reason, problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
            "0.0000375, 37500000", "$1.25, 1250000000000", "'0,0123', 12300000000", "'0,012', 12000000000",
            "1000000, 1000000000000000000",
            "0.0000000000005, 0", "0.0000000000015, 2", "2.5E-3, 2500000000"
    })
    void dollarsAreReadToAMillionthOfAMillionth(String text, long expected) throws Exception {
        assertEquals(expected, amounts.picoDollars(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-0.01", "1000000.01", "EUR 3", "1.234,5", "1,234"})
    void otherCostsAreMalformed(String text) {
        assertThrows(MalformedRowException.class, () -> amounts.picoDollars(text));
    }

    @Test
    void latencyIsReadInThousandths() throws Exception {
        assertEquals(1_234_568, amounts.thousandths("1234.5678"));
        assertThrows(MalformedRowException.class, () -> amounts.thousandths("1e13"));
    }
}
