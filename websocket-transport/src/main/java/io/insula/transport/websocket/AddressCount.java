package io.insula.transport.websocket;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many sockets each address has open, so that none takes the places of all. Proxies are not counted: they stand for
 * many. Keeps nothing of an address without a socket. Safe for any number of threads.
 */
final class AddressCount {
    private final ConcurrentMap<InetAddress, Integer> sockets = new ConcurrentHashMap<>();
    private final int most;
    private final Set<InetAddress> proxies;

    AddressCount(int most, Set<InetAddress> proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    /** Counts a socket; to be followed by {@link #leave} when it ends, also where it is one too many. */
    boolean enter(InetAddress address) {
        return proxies.contains(address) || sockets.merge(address, 1, Integer::sum) <= most;
    }

    void leave(InetAddress address) {
        sockets.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** How many addresses have a socket. */
    int size() {
        return sockets.size();
    }
}
