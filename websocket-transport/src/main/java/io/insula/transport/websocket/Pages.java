package io.insula.transport.websocket;

import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import java.util.function.Function;

/** Writes parts of lists that are as long as was asked for, or shorter where their items are large. */
final class Pages {
    private Pages() {}

    /** Reads a page of an engine's list. */
    @FunctionalInterface
    interface Source<T> {
        Page<T> read(PageRequest page) throws RefusedException;
    }

    /**
     * A page that would fill what may wait for a client is read again with fewer items, as often as needed.
     *
     * @param limits half of an outbox is the most that a page takes, unless a single item is larger
     */
    static <T> byte[] write(
            TransportLimits limits, PageRequest asked, Source<T> source, Function<Page<T>, byte[]> write)
            throws RefusedException {
        int mostBytes = limits.connections().outboxBytes() / 2;
        int size = asked.size();
        byte[] page = write.apply(source.read(asked));
        while (page.length > mostBytes && size > 1) {
            size /= 2;
            page = write.apply(source.read(new PageRequest(asked.after(), size)));
        }
        return page;
    }
}
