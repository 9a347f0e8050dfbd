package io.insula.transport.websocket;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests that are over, and tells each in one line of the log at the level of debugging. Names the first part
 * of the path alone: what follows, and queries, are a user's. Safe for any number of threads.
 */
final class RequestRecord {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRecord.class);
    private static final int LONGEST_PART = 32;

    private final TransportCounts counts;
    private final ClientAddress clients;
    private final LongSupplier nanoTime;

    RequestRecord(TransportCounts counts, ClientAddress clients, LongSupplier nanoTime) {
        this.counts = counts;
        this.clients = clients;
        this.nanoTime = nanoTime;
    }

    /** Has the request counted and told when it is over. */
    void follow(Request request, Response response) {
        Request.addCompletionListener(request, failure -> counts.response(response.getStatus()));
        if (LOG.isDebugEnabled()) {
            long begunNanos = nanoTime.getAsLong();
            String client = clients.of(request);
            Request.addCompletionListener(request, failure -> LOG.debug(
                    "request method={} path={} status={} broken={} client={} millis={}",
                    request.getMethod(),
                    firstPart(Request.getPathInContext(request)),
                    response.getStatus(),
                    failure != null,
                    client,
                    Duration.ofNanos(nanoTime.getAsLong() - begunNanos).toMillis()));
        }
    }

    private static String firstPart(String path) {
        int end = path.indexOf('/', 1);
        String part = end < 0 ? path : path.substring(0, end) + "/...";
        return part.length() > LONGEST_PART ? part.substring(0, LONGEST_PART) + "..." : part;
    }
}
