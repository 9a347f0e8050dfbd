package io.insula.transport.websocket;

import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that users connect to, by WebSocket and HTTP, as {@code docs/protocol.md} says.
 *
 * <p>Started once and closed once. Its threads are those of the given factory, which must be platform threads, and a few
 * of the library. It keeps nothing but what is connected.
 */
public final class WebSocketTransport {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);
    private static final int FEWEST_THREADS = 8;
    private static final int THREAD_IDLE_MILLIS = 60_000;
    private static final int FRAME_BYTES = 64 << 10;
    private static final int OUTPUT_BUFFER_BYTES = 16 << 10;
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_BEAT = Duration.ofMillis(5);
    private static final int BEATS_PER_TIME = 4;

    private final TransportSettings settings;
    private final TransportLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService heart;
    private final Server server;
    private final UserConnector connector;
    private final Optional<TlsDoor> tls;
    private final AddressCount addresses;
    private final TransportCounts counts;
    private final FrontDoor frontDoor;
    private final LiveConnections live;
    private final UserRooms rooms;
    private final HandshakeWatch watch;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Prepares it; nothing happens before {@link #start}.
     *
     * @param settings where and for whom
     * @param limits what is bounded
     * @param directory gives the engine of a user; not closed by the transport
     * @param clock tells when tokens end
     * @param nanoTime a clock that never jumps, in nanoseconds, for pings, rates and time limits
     * @param threads makes platform threads
     */
    public WebSocketTransport(
            TransportSettings settings,
            TransportLimits limits,
            UserExecutionEngine.Directory directory,
            InstantSource clock,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
        heart = new ScheduledThreadPoolExecutor(1, threads);
        int fewest = Math.min(FEWEST_THREADS, limits.http().threads());
        var pool = new QueuedThreadPool(
                limits.http().threads(), fewest, THREAD_IDLE_MILLIS, -1, null, null, threads);
        pool.setName("transport");
        server = new Server(pool);
        watch = new HandshakeWatch(limits.times().handshake(), nanoTime, () -> pool.getQueueSize() > 0);
        tls = settings.tls().map(TlsDoor::new);
        addresses = new AddressCount(limits.connections().socketsPerAddress(), settings.proxies());
        counts = new TransportCounts();
        connector = new UserConnector(server, settings, limits, new SocketWatch(watch, addresses, counts), tls);
        var surroundings = new Surroundings(
                limits,
                new MessageReader(limits.messages().messageBytes()),
                new ServerMessages(),
                new ResponseBodies(),
                counts,
                pool,
                clock,
                nanoTime);
        rooms = new UserRooms(limits, nanoTime);
        live = new LiveConnections(rooms, counts);
        Authentication authentication = settings.tokens().users();
        var problems = new Problems(surroundings.bodies(), new UnreadContent(watch, limits), counts::refused);
        var places = new UserPlaces(rooms);
        var admissions = new Admissions(surroundings, settings.tokens(), directory, rooms);
        var tokens = new TokenRequests(settings.tokens(), live, surroundings.bodies());
        var agUi = new AgUiRequests(surroundings, authentication, places, admissions, live);
        var calls = new EngineCalls(authentication, directory, places, new RequestBody(surroundings));
        List<Route> routes = new ArrayList<>(new UserRoutes(calls, limits, surroundings.bodies()).all());
        routes.addAll(List.of(
                Description.route(),
                Route.of(HttpMethod.POST, "/attachments",
                        new AttachmentRequests(surroundings, calls)::attach),
                Route.of(HttpMethod.GET, "/events",
                        new EventRequests(surroundings, authentication, admissions, live)::follow),
                Route.of(HttpMethod.GET, "/export",
                        new ExportRequests(surroundings, calls)::export),
                Route.of(HttpMethod.POST, "/logout", tokens::logOut),
                Route.of(HttpMethod.POST, "/agui", agUi::run),
                Route.of(HttpMethod.POST, "/agui/{agent}", agUi::run)));
        routes.addAll(new UploadRequests(surroundings, calls).routes());
        frontDoor = new FrontDoor(
                new DoorRules(settings),
                new UpgradeDoor(surroundings, authentication, admissions, live),
                routes,
                settings.pages(),
                problems,
                watch,
                new RequestRecord(counts, new ClientAddress(settings.proxies()), nanoTime));
        frontDoor.setHandler(FrontDoor.upgrades(negotiator()));
        server.setHandler(frontDoor);
        server.setErrorHandler(problems);
    }

    /**
     * Begins to listen.
     *
     * @return where it listens, with the port that was taken
     * @throws TlsFilesException if the files for TLS cannot be used; it is closed then
     * @throws IOException if the address cannot be taken, such as a port in use; it is closed then
     * @throws IllegalStateException if it was started or closed before
     */
    public InetSocketAddress start() throws IOException {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("the transport was started or closed before; make another one");
        }
        try {
            if (tls.isPresent()) {
                tls.get().open();
            }
            server.start();
        } catch (IOException e) {
            close(Duration.ZERO);
            throw e;
        } catch (Exception e) {
            close(Duration.ZERO);
            throw new IllegalStateException("the transport cannot start", e);
        }
        long beatMillis = beat().toMillis();
        var _ = heart.scheduleWithFixedDelay(this::beatOnce, beatMillis, beatMillis, TimeUnit.MILLISECONDS);
        return new InetSocketAddress(settings.address().getAddress(), connector.getLocalPort());
    }

    /**
     * Stops listening, tells every client that the server goes away after what waits for it, and ends what is left after
     * a time. Blocks until done; later calls do nothing.
     *
     * @param drain how long clients may take to close
     */
    public void close(Duration drain) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        frontDoor.goAway();
        connector.close();
        live.closeAll();
        boolean interrupted = false;
        try {
            live.awaitNone(drain, nanoTime);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        heart.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("transport_stop_failed failure={}", FailureTrace.of(e));
        }
        live.endAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connections that hold an engine now. */
    public int connections() {
        return live.size();
    }

    /** What operators can watch of the users' port. Does not block. */
    public List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>(List.of(
                Measurement.of("insula_connections", Measurement.Kind.GAUGE, "Connections that hold an engine.",
                        live.size()),
                Measurement.of("insula_users", Measurement.Kind.GAUGE, "Users that were here within the last minute.",
                        rooms.size())));
        all.addAll(counts.measurements());
        return all;
    }

    /** Everything that can be asked for over HTTP, besides pages. */
    List<Route> routes() {
        return frontDoor.routes();
    }

    /** Users of whom the transport keeps anything now. */
    int users() {
        return rooms.size();
    }

    /** Addresses that have a socket open now. */
    int addresses() {
        return addresses.size();
    }

    /** Sockets whose next request is waited for. */
    int waitingSockets() {
        return watch.size();
    }

    private static WebSocketNegotiator negotiator() {
        return new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(
                    ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
                return FrontDoor.negotiate(request, response);
            }

            @Override
            public void customize(Configuration configuration) {
                // The heartbeat looks after silence, and the assembly after sizes; larger frames come in parts.
                configuration.setIdleTimeout(Duration.ZERO);
                configuration.setAutoFragment(true);
                configuration.setMaxFrameSize(FRAME_BYTES);
                configuration.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
            }
        };
    }

    private Duration beat() {
        TransportLimits.Times times = limits.times();
        Duration shortest = LONGEST_BEAT;
        for (Duration time : new Duration[]{
                times.handshake(), times.ping(), times.deadAfter(), times.progress(), times.cut()
        }) {
            Duration part = time.dividedBy(BEATS_PER_TIME);
            shortest = part.compareTo(shortest) < 0 ? part : shortest;
        }
        return shortest.compareTo(SHORTEST_BEAT) < 0 ? SHORTEST_BEAT : shortest;
    }

    private void beatOnce() {
        try {
            watch.beat();
            tls.ifPresent(TlsDoor::beat);
            live.beat(nanoTime, clock);
            rooms.beat();
        } catch (RuntimeException | Error failure) {
            // A heart that lets an exception go never beats again.
            LOG.error("heartbeat_failed failure={}", FailureTrace.of(failure));
        }
    }
}
