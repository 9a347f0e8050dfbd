package io.insula.plugin.host;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unloads versions that nobody holds: first everybody lets go of what they keep of it, which runs code of the plugin and
 * is bounded in time, then it is closed. Safe for any number of threads.
 */
final class VersionEnd implements Consumer<PluginVersion> {
    private static final Logger LOG = LoggerFactory.getLogger(VersionEnd.class);

    private final List<Consumer<ClassLoader>> keepers = new CopyOnWriteArrayList<>();
    private final ThreadFactory threads;
    private final SupervisedCall supervised;
    private final OldVersions old;

    /**
     * Unloads nothing yet.
     *
     * @param threads makes the thread that waits for keepers
     * @param supervised calls the keepers
     * @param old where versions stand until they are gone
     */
    VersionEnd(ThreadFactory threads, SupervisedCall supervised, OldVersions old) {
        this.threads = threads;
        this.supervised = supervised;
        this.old = old;
    }

    void addKeeper(Consumer<ClassLoader> keeper) {
        keepers.add(keeper);
    }

    /** Unloads a version. Does not wait for code of the plugin. */
    @Override
    public void accept(PluginVersion version) {
        if (keepers.isEmpty()) {
            version.close();
            gone(version);
            return;
        }
        threads.newThread(() -> unload(version)).start();
    }

    private void unload(PluginVersion version) {
        var left = new CompletableFuture<Boolean>();
        try {
            supervised.run(version.id(), () -> left.complete(tellKeepers(version)), late -> {});
        } catch (PluginProblem problem) {
            LOG.warn("plugin is unloaded without waiting plugin={} version={} problem={}", version.id(),
                    version.description().version(), problem.getMessage());
        }
        version.close();
        // Who does not return may hold it, so it is counted until then.
        var _ = left.thenRun(() -> gone(version));
    }

    private boolean tellKeepers(PluginVersion version) {
        for (var keeper : keepers) {
            try {
                keeper.accept(version.parts().loader());
            } catch (Throwable thrown) {
                LOG.warn("keeper of a plugin failed plugin={} thrown={}", version.id(),
                        PluginFault.of(thrown).details());
            }
        }
        return true;
    }

    private void gone(PluginVersion version) {
        if (old.remove(version)) {
            LOG.info("plugin unloaded plugin={} version={}", version.id(), version.description().version());
        }
    }
}
