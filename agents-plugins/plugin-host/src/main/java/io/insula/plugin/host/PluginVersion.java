package io.insula.plugin.host;

import io.insula.agent.Agent;
import io.insula.agent.Tool;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.PluginFaultException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a plugin, loaded. It stays so while anybody holds it: the host, as long as it is the version to use;
 * every lease; every plugin that needs it. The last to let go has it unloaded.
 *
 * <p>Safe for any number of threads.
 */
final class PluginVersion {
    private static final Logger LOG = LoggerFactory.getLogger(PluginVersion.class);

    /**
     * What a version is made of.
     *
     * @param candidate the private copy, held once by this version, and what the plugin says of itself
     * @param loader its classes
     * @param ownModule its own module
     * @param contents its agents and tools
     * @param injector makes them
     * @param codec maps its records
     * @param dependencies the versions it needs, each held by it
     */
    record Parts(PluginCandidate candidate, PluginModuleLoader loader, Module ownModule, PluginContents contents,
            PluginInjector injector, JsonRecordCodec codec, List<PluginVersion> dependencies) {}

    private final Object key = new Object();
    private final Parts parts;
    private final Consumer<PluginVersion> end;
    // Above zero while open; who takes it to zero ends it. Never leaves zero again.
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicInteger leases = new AtomicInteger();

    /**
     * Takes over the parts; the maker has the first hold.
     *
     * @param end called once, when nobody holds the version any more; it has {@link #close} called
     */
    PluginVersion(Parts parts, Consumer<PluginVersion> end) {
        this.parts = parts;
        this.end = end;
    }

    Parts parts() {
        return parts;
    }

    /** Stands for this version where it must not be held in memory. */
    Object key() {
        return key;
    }

    ModuleLayer layer() {
        return parts.loader().layer();
    }

    String moduleName() {
        return parts.ownModule().getName();
    }

    PluginDescription description() {
        return parts.candidate().description();
    }

    String id() {
        return description().id();
    }

    Path file() {
        return parts.candidate().file();
    }

    /** How many leases are open. */
    int leases() {
        return leases.get();
    }

    /** A new lease of one of its agents; empty if the version is closed already. */
    Optional<AgentLease> lease(DeclaredAgent agent) {
        if (!hold()) {
            return Optional.empty();
        }
        leases.incrementAndGet();
        return Optional.of(new PluginLease(this, agent));
    }

    /** Gives a lease back. */
    void endLease() {
        leases.decrementAndGet();
        release();
    }

    /** Takes a hold; false if the version is closed already. */
    boolean hold() {
        return holds.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Gives one hold back. */
    void release() {
        if (holds.decrementAndGet() == 0) {
            end.accept(this);
        }
    }

    /** Closes it; called once, when nobody holds it any more. */
    void close() {
        close(parts.loader(), parts.dependencies());
        parts.candidate().staged().discard();
    }

    /** Closes what a version was made of, or was to be, but for the copy. */
    static void close(PluginModuleLoader loader, List<PluginVersion> dependencies) {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.warn("class loader of a plugin was not closed loader={}", loader.getName(), e);
        }
        dependencies.forEach(PluginVersion::release);
    }

    Agent makeAgent(DeclaredAgent agent) throws PluginFaultException {
        return make(agent.type(), "its agent " + agent.agent().name());
    }

    Tool<?, ?> makeTool(DeclaredTool tool) throws PluginFaultException {
        return make(tool.type(), "its tool " + tool.description().name());
    }

    private <T> T make(Class<T> type, String what) throws PluginFaultException {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(parts.loader());
        try {
            return parts.injector().make(type);
        } catch (Throwable thrown) {
            // Also errors: a stack overflow or a missing class in a constructor is this plugin's affair alone.
            LOG.warn("plugin threw when asked for {} plugin={} thrown={}", what, id(),
                    PluginFault.of(PluginInjector.thrownByPlugin(thrown)).details());
            throw new PluginFaultException("Plugin " + id() + " threw when it was asked for " + what + ".");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
