package io.insula.app;

import io.insula.engine.api.UserExecutionEngine;
import io.insula.transport.websocket.AdminListener;
import io.insula.transport.websocket.Measurement;
import io.insula.transport.websocket.TokenAuthority;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open port for operators, and where it is reached. */
final class AdminPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminPort.class);

    private final AdminListener listener;
    private final String url;

    private AdminPort(AdminListener listener, String url) {
        this.listener = listener;
        this.url = url;
    }

    /**
     * Begins to listen.
     *
     * @throws FailedException if the address cannot be taken
     */
    static AdminPort open(
            Configuration configuration, TokenAuthority tokens, ThreadFactory threads)
            throws FailedException {
        var admin = configuration.admin();
        var address = new InetSocketAddress(admin.host(), admin.port());
        if (address.isUnresolved()) {
            throw new FailedException("There is no address for admin.host = \"" + admin.host() + "\".");
        }
        var listener = new AdminListener(
                address, configuration.transport(), tokens, System::nanoTime, threads);
        try {
            var bound = listener.start();
            LOG.info("admin_listening host={} port={}", admin.host(), bound.getPort());
            return new AdminPort(listener, admin.url(bound.getPort()));
        } catch (IOException e) {
            throw notListening(
                    admin.host() + ":" + admin.port(),
                    "choose another port for operators with INSULA_ADMIN_PORT or --set admin.port=PORT; 0 takes any"
                            + " free one",
                    e);
        }
    }

    /** What to say when an address cannot be taken. */
    static FailedException notListening(String where, String whatToDo, IOException problem) {
        var cause = problem.getCause() instanceof BindException bind ? bind : problem;
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            return new FailedException(
                    "The address " + where + " is in use. Stop what uses it, or " + whatToDo + ".", problem);
        }
        return new FailedException(
                "Insula cannot listen at " + where + " (" + cause.getMessage() + "). Give another address, or "
                        + whatToDo + ".",
                problem);
    }

    /** The address for operators on this machine. */
    String url() {
        return url;
    }

    /** From now on tells of the plugins, as JSON. */
    void tellPlugins(Supplier<String> json) {
        listener.tellPlugins(json);
    }

    /** From now on tells what can be watched. */
    void tellMetrics(Supplier<List<Measurement>> now) {
        listener.tellMetrics(now);
    }

    /** From now on tells of these engines. */
    void serve(UserExecutionEngine.Directory engines) {
        listener.serve(engines);
    }

    @Override
    public void close() {
        listener.close();
    }
}
