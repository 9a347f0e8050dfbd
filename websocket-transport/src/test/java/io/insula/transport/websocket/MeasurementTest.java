package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.transport.websocket.Measurement.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void measurementsAreWrittenAsPrometheusReadsThem() {
        var text = Measurement.asText(List.of(
                Measurement.of("a_bytes", Kind.GAUGE, "How much.", 5L << 40),
                Measurement.of("b_seconds_total", Kind.COUNTER, "How long; \\ and\nnew line.", 0.25),
                new Measurement("c", Kind.GAUGE, "By state.", "state",
                        new TreeMap<>(Map.of("z", 1.0, "a\"b", 2.0)))));

        assertEquals("""
                # HELP a_bytes How much.
                # TYPE a_bytes gauge
                a_bytes 5497558138880
                # HELP b_seconds_total How long; \\\\ and\\nnew line.
                # TYPE b_seconds_total counter
                b_seconds_total 0.25
                # HELP c By state.
                # TYPE c gauge
                c{state="a\\"b"} 2
                c{state="z"} 1
                """, text);
    }
}
