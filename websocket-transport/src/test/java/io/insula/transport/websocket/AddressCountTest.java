package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AddressCountTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.1");

    @Test
    void anAddressHasAsManySocketsAsAllowedAndOthersAsWell() {
        var addresses = new AddressCount(2, Set.of());
        assertTrue(addresses.enter(HERE));
        assertTrue(addresses.enter(HERE));
        assertFalse(addresses.enter(HERE));
        assertTrue(addresses.enter(THERE));
        addresses.leave(HERE);
        assertFalse(addresses.enter(HERE), "the one too many is counted until it ends");
        addresses.leave(HERE);
        addresses.leave(HERE);
        assertTrue(addresses.enter(HERE));
        addresses.leave(HERE);
        addresses.leave(HERE);
        addresses.leave(THERE);
        assertEquals(0, addresses.size());
    }

    @Test
    void aProxyStandsForManyAndIsNotCounted() {
        var addresses = new AddressCount(1, Set.of(HERE));
        assertTrue(addresses.enter(HERE));
        assertTrue(addresses.enter(HERE));
        addresses.leave(HERE);
        assertEquals(0, addresses.size());
    }

    @Test
    @Tag("W21")
    void oneSocketMoreThanAnAddressMayHaveIsClosedAndAPlaceThatIsGivenBackIsFree() throws IOException {
        var limits = RunningTransport.with(new TransportLimits.Connections(8, 100, 1 << 20, 64 << 10, 500, 3));
        try (var running = new RunningTransport(limits)) {
            List<RawClient> within = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                within.add(running.connect("ada"));
            }
            try (RawClient beyond = running.client()) {
                assertTrue(beyond.isAtEnd());
            }
            for (RawClient client : within) {
                assertTrue(client.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
                client.close();
            }
            Await.until("all are given back", () -> running.transport.addresses() == 0);
            running.connect("ada").close();
        }
        try (var behindProxy = new RunningTransport(limits, Optional.empty(), Set.of(HERE))) {
            for (int i = 0; i < 8; i++) {
                behindProxy.connect("ada");
            }
        }
    }
}
