package io.insula.engine.user;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the journal can be written, and who is told when that changes. Set by the writer's thread, read by any. */
final class WatchedHealth {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedHealth.class);

    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    /** Set by the writer's thread. */
    private volatile JournalHealth now = new JournalHealth.Writable();

    /** A wish to be told, apart from every other one: the same action may be given twice. */
    private static final class Watcher {
        final Runnable changed;

        Watcher(Runnable changed) {
            this.changed = changed;
        }
    }

    JournalHealth now() {
        return now;
    }

    EventJournal.Following watch(Runnable changed) {
        Watcher watcher = new Watcher(changed);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Tells of it, unless that is known. */
    void become(JournalHealth next) {
        if (now.equals(next)) {
            return;
        }
        now = next;
        for (Watcher watcher : watchers) {
            try {
                watcher.changed.run();
            } catch (Throwable failure) {
                LOG.error("watcher of the journal failed", failure);
            }
        }
    }
}
