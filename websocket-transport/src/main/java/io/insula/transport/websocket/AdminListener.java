package io.insula.transport.websocket;

import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for operators: whether the platform lives, whether it is ready, what its plugins do, and a copy of all it
 * holds. It has threads of its own, so that it answers however busy the users' port is, and it can listen before there is
 * a platform.
 *
 * <p>Started once and closed once. Safe for any number of threads.
 */
public final class AdminListener {
    private static final Logger LOG = LoggerFactory.getLogger(AdminListener.class);
    private static final int THREADS = 8;
    private static final int FEWEST_THREADS = 4;
    private static final int THREAD_IDLE_MILLIS = 60_000;
    /** Sockets at once; further ones wait to be accepted. */
    private static final int SOCKETS = 64;
    private static final int ACCEPT_QUEUE = 64;
    private static final long BEAT_MILLIS = 1_000;

    private final InetSocketAddress address;
    private final Server server;
    private final ServerConnector connector;
    private final ScheduledExecutorService heart;
    private final HandshakeWatch watch;
    private final AdminDoor door;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Prepares it; nothing happens before {@link #start}.
     *
     * @param address where to listen; port 0 takes a free one
     * @param limits the size of headers and the time for them are those of the users' port
     * @param tokens decides whose a token is; those of operators have {@code operator} among their {@code roles}
     * @param nanoTime a clock that never jumps, in nanoseconds
     * @param threads makes platform threads
     */
    public AdminListener(
            InetSocketAddress address,
            TransportLimits limits,
            TokenAuthority tokens,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.address = address;
        var pool = new QueuedThreadPool(THREADS, FEWEST_THREADS, THREAD_IDLE_MILLIS, -1, null, null, threads);
        pool.setName("admin");
        server = new Server(pool);
        heart = new ScheduledThreadPoolExecutor(1, threads);
        watch = new HandshakeWatch(limits.times().handshake(), nanoTime, () -> pool.getQueueSize() > 0);
        connector = connector(limits);
        door = new AdminDoor(
                new DoorRules(address, Set.of(), Set.of(), false),
                new ResponseBodies(),
                watch,
                tokens,
                limits,
                nanoTime);
        server.setHandler(door);
        server.setErrorHandler(door.problems());
    }

    private ServerConnector connector(TransportLimits limits) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(limits.http().headerBytes());
        http.setUriCompliance(UriCompliance.RFC3986);
        // No thread of its own waits for connections: an interrupt would close what it waits at for good.
        var made = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        made.setHost(address.getHostString());
        made.setPort(address.getPort());
        made.setAcceptQueueSize(ACCEPT_QUEUE);
        made.setIdleTimeout(limits.times().handshake().toMillis());
        made.addBean(watch);
        server.addConnector(made);
        server.addBean(new NetworkConnectionLimit(SOCKETS, made));
        return made;
    }

    /**
     * Begins to listen. Until {@link #serve} the platform is said to be starting.
     *
     * @return where it listens, with the port that was taken
     * @throws IOException if the address cannot be taken, such as a port in use; it is closed then
     */
    public InetSocketAddress start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the port for operators cannot be opened", e);
        }
        var _ = heart.scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        return new InetSocketAddress(address.getAddress(), connector.getLocalPort());
    }

    /**
     * From now on tells operators of the plugins.
     *
     * @param json gives one JSON object, from any thread and without waiting
     */
    public void tellPlugins(Supplier<String> json) {
        door.tellPlugins(json);
    }

    /**
     * From now on tells operators what the platform does.
     *
     * @param now gives everything that can be watched, from any thread and without waiting
     */
    public void tellMetrics(Supplier<List<Measurement>> now) {
        door.tellMetrics(now);
    }

    /** From now on tells of this platform. */
    public void serve(UserExecutionEngine.Directory engines) {
        door.serve(engines);
    }

    /** Stops listening. Blocks until done; later calls do nothing. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        heart.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("admin_stop_failed failure={}", FailureTrace.of(e));
        }
    }

    /** Everything that can be asked for. */
    List<Route> routes() {
        return door.routes();
    }

    private void beat() {
        try {
            watch.beat();
        } catch (RuntimeException | Error failure) {
            // A heart that lets an exception go never beats again.
            LOG.error("admin_heartbeat_failed failure={}", FailureTrace.of(failure));
        }
    }
}
