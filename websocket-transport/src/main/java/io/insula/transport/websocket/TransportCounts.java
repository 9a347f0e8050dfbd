package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What has happened at the users' port, over all users. Safe for any number of threads. */
final class TransportCounts {
    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;
    /** Closes with other codes than ours are counted together: a peer may name any. */
    private static final String BY_PEER = "peer";

    private final LongAdder opened = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder socketsRefused = new LongAdder();
    private final Map<ErrorCode, LongAdder> refused = new EnumMap<>(ErrorCode.class);
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
    private final LongAdder closedByPeer = new LongAdder();
    /** By status, of which the server has few. */
    private final ConcurrentMap<Integer, LongAdder> responses = new ConcurrentHashMap<>();

    TransportCounts() {
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, new LongAdder());
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void opened() {
        opened.increment();
    }

    void closedByPeer() {
        closedByPeer.increment();
    }

    void closed(CloseReason why) {
        add(closed, why);
    }

    void message() {
        messages.increment();
    }

    void refused(ErrorCode why) {
        add(refused, why);
    }

    void events(int count) {
        events.add(count);
    }

    void socketRefused() {
        socketsRefused.increment();
    }

    void response(int status) {
        if (status >= FIRST_STATUS && status <= LAST_STATUS) {
            responses.computeIfAbsent(status, code -> new LongAdder()).increment();
        }
    }

    private static <K> void add(Map<K, LongAdder> counts, K key) {
        LongAdder count = counts.get(key);
        if (count != null) {
            count.increment();
        }
    }

    /** All of it; of refusals and statuses only those that there were. */
    List<Measurement> measurements() {
        var all = new ArrayList<Measurement>();
        all.add(counter("insula_connections_opened_total", "Connections that were opened.", opened));
        var closes = new TreeMap<String, Double>();
        closed.forEach((why, count) -> closes.put(why.text().replace(' ', '-'), (double) count.sum()));
        closes.put(BY_PEER, (double) closedByPeer.sum());
        all.add(new Measurement("insula_connections_closed_total", Measurement.Kind.COUNTER,
                "Connections that have ended, by why the server closed them; peer if it did not.", "reason", closes));
        all.add(counter("insula_messages_total", "Messages of clients that were read.", messages));
        var refusals = new TreeMap<String, Double>();
        refused.forEach((why, count) -> {
            if (count.sum() > 0) {
                refusals.put(why.word(), (double) count.sum());
            }
        });
        all.add(new Measurement("insula_refused_total", Measurement.Kind.COUNTER,
                "Messages and requests that were refused.", "code", refusals));
        all.add(counter("insula_events_delivered_total", "Events that were handed to connections.", events));
        var statuses = new TreeMap<String, Double>();
        responses.forEach((status, count) -> statuses.put(Integer.toString(status), (double) count.sum()));
        all.add(new Measurement("insula_responses_total", Measurement.Kind.COUNTER, "Requests that were answered.",
                "status", statuses));
        all.add(counter("insula_sockets_refused_total", "Sockets beyond those that an address may have.",
                socketsRefused));
        return all;
    }

    private static Measurement counter(String name, String help, LongAdder count) {
        return Measurement.of(name, Measurement.Kind.COUNTER, help, count.sum());
    }
}
