package io.insula.transport.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A transport on a free port, with a directory and a clock that the test drives. */
final class RunningTransport implements AutoCloseable {
    final TestTokens tokens = new TestTokens();
    final FakeDirectory directory = new FakeDirectory();
    final AtomicReference<Duration> clockAhead = new AtomicReference<>(Duration.ZERO);
    final TokenAuthority authority;
    final WebSocketTransport transport;
    final InetSocketAddress address;

    RunningTransport() throws IOException {
        this(limits());
    }

    RunningTransport(TransportLimits limits) throws IOException {
        this(limits, Optional.empty(), Optional.empty(), Set.of());
    }

    RunningTransport(TransportLimits limits, Optional<TlsFiles> tls, Set<InetAddress> proxies) throws IOException {
        this(limits, Optional.empty(), tls, proxies);
    }

    /** One whose keys come from there. */
    RunningTransport(KeyPlace keys) throws IOException {
        this(limits(), Optional.of(keys), Optional.empty(), Set.of());
    }

    private RunningTransport(
            TransportLimits limits, Optional<KeyPlace> keys, Optional<TlsFiles> tls, Set<InetAddress> proxies)
            throws IOException {
        InstantSource clock = () -> Instant.now().plus(clockAhead.get());
        authority = tokens.authority(keys.map(TestTokens::rules).orElseGet(tokens::rules), clock);
        authority.start();
        var page = new TransportSettings.Page(
                "text/html; charset=utf-8", ByteBuffer.wrap("<title>Insula</title>".getBytes(StandardCharsets.UTF_8)));
        var settings = new TransportSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of("https://chat.example.com"),
                Set.of("chat.example.com"),
                Map.of("/", page),
                authority,
                tls,
                proxies);
        transport = new WebSocketTransport(
                settings, limits, directory, clock, System::nanoTime,
                Thread.ofPlatform().name("transport-", 0).factory());
        address = transport.start();
    }

    /** The documented limits, but messages as fast as a test sends them. */
    static TransportLimits limits() {
        TransportLimits defaults = TransportLimits.defaults();
        return new TransportLimits(
                defaults.connections(),
                new TransportLimits.Messages(512 << 10, 1_024, 1_000_000, 100_000, 100, 1_200),
                defaults.times(),
                defaults.http());
    }

    static TransportLimits with(TransportLimits.Connections connections) {
        TransportLimits limits = limits();
        return new TransportLimits(connections, limits.messages(), limits.times(), limits.http());
    }

    static TransportLimits with(TransportLimits.Messages messages) {
        TransportLimits limits = limits();
        return new TransportLimits(limits.connections(), messages, limits.times(), limits.http());
    }

    static TransportLimits with(TransportLimits.Times times) {
        TransportLimits limits = limits();
        return new TransportLimits(limits.connections(), limits.messages(), times, limits.http());
    }

    /** Interrupts the threads with such names, and tells how many they are. */
    static int interruptThreads(String prefix) {
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix)).toList();
        threads.forEach(Thread::interrupt);
        return threads.size();
    }

    RawClient client() throws IOException {
        return new RawClient(address);
    }

    RawClient connect(String subject) throws IOException {
        return client().connect(tokens.of(subject));
    }

    /** Waits until nothing is held any more. */
    void awaitEmpty() {
        Await.until("everything was given back", () -> directory.leases.get() == 0
                && transport.connections() == 0
                && transport.users() == 0);
    }

    @Override
    public void close() {
        transport.close(Duration.ofSeconds(5));
        authority.close();
    }
}
