package io.insula.plugin.host;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is left of plugins that nobody wants any more: versions that were replaced or removed and are still held, and
 * starts that were given up and whose code has not returned. Safe for any number of threads.
 */
final class OldVersions {
    /** A start that was given up. */
    static final class GivenUpStart {
        private final String plugin;

        GivenUpStart(String plugin) {
            this.plugin = plugin;
        }
    }

    private final Set<PluginVersion> versions = ConcurrentHashMap.newKeySet();
    private final Set<GivenUpStart> starts = ConcurrentHashMap.newKeySet();
    private final AtomicLong gone = new AtomicLong();

    void add(PluginVersion version) {
        versions.add(version);
    }

    void add(GivenUpStart start) {
        starts.add(start);
    }

    /** A version is unloaded; false if it was not an old one. */
    boolean remove(PluginVersion version) {
        var removed = versions.remove(version);
        if (removed) {
            gone.incrementAndGet();
        }
        return removed;
    }

    /** A start has returned. */
    void remove(GivenUpStart start) {
        if (starts.remove(start)) {
            gone.incrementAndGet();
        }
    }

    /** How many there are of a plugin. */
    int count(String plugin) {
        return (int) (versions.stream().filter(version -> version.id().equals(plugin)).count()
                + starts.stream().filter(start -> start.plugin.equals(plugin)).count());
    }

    /** The versions, in no order. */
    List<PluginVersion> versions() {
        return List.copyOf(versions);
    }

    /** Grows whenever something is gone: then what waited for that can be tried again. */
    long gone() {
        return gone.get();
    }
}
