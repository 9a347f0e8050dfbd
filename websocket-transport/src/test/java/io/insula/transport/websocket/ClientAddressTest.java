package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.7");
    private static final InetAddress INNER_PROXY = InetAddress.ofLiteral("10.0.0.8");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("192.0.2.9");

    private final ClientAddress clients = new ClientAddress(Set.of(PROXY, INNER_PROXY));

    @Test
    void aStrangerIsNotBelieved() {
        assertEquals("192.0.2.9", clients.of(STRANGER, List.of("for=192.0.2.1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
            "for=192.0.2.1|192.0.2.1",
            "For=192.0.2.1:4711;proto=https;by=10.0.0.7|192.0.2.1",
            "proto=https;for=\"[2001:db8::1]:4711\"|2001:db8:0:0:0:0:0:1",
            "for=\"[2001:db8::1]\"|2001:db8:0:0:0:0:0:1"})
    void aProxyTellsWhomItPassesOn(String forwarded, String client) {
        assertEquals(client, clients.of(PROXY, List.of(forwarded)));
    }

    @Test
    void onlyWhatTheProxyAddedItselfCounts() {
        assertEquals("192.0.2.1", clients.of(PROXY, List.of("for=198.51.100.1, for=192.0.2.1")));
        assertEquals("192.0.2.1", clients.of(PROXY, List.of("for=198.51.100.1", "for=192.0.2.1")));
    }

    @Test
    void proxiesBehindEachOtherAreLookedThrough() {
        assertEquals("192.0.2.1", clients.of(PROXY, List.of("for=198.51.100.1, for=192.0.2.1, for=10.0.0.8")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "for=unknown", "for=_hidden", "for=", "for=\"[\"", "for=\"[]\"", "nonsense", "for=evil.example",
            "for=1.2.3.4.5", ";;;", "for=192.0.2.1, for=unknown"})
    void whereNobodyIsNamedItIsTheProxyItself(String forwarded) {
        assertEquals("10.0.0.7", clients.of(PROXY, List.of(forwarded)));
    }
}
