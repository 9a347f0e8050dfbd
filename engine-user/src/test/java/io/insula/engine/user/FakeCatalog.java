package io.insula.engine.user;

import io.insula.agent.Agent;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;
import io.insula.agent.hosting.AgentCatalog;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.HostedTool;
import io.insula.agent.hosting.PluginFaultException;
import io.insula.agent.hosting.RecordCodec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The agents of a test, as if plugins had brought them. */
final class FakeCatalog implements AgentCatalog {
    static final String PLUGIN = "test-plugin";

    private final ConcurrentMap<String, Entry> agents = new ConcurrentHashMap<>();
    /** The agents by name, made whenever one comes or goes, as a host does. */
    private volatile List<HostedAgent> sorted = List.of();

    private final List<PlacedTool> tools = new CopyOnWriteArrayList<>();
    private final AtomicInteger openLeases = new AtomicInteger();
    private final List<Consumer<ClassLoader>> keepers = new CopyOnWriteArrayList<>();
    private final List<String> abandoned = new CopyOnWriteArrayList<>();
    private final RecordCodec records = new FlatRecords();

    private record Entry(HostedAgent agent, Maker<Agent> make) {}

    /** A tool, and the class by which agents call it. */
    private record PlacedTool(String plugin, Class<?> type, FakeTool tool) {}

    /** Makes something as the plugin's injector would. */
    @FunctionalInterface
    interface Maker<T> {
        T make() throws PluginFaultException;
    }

    private record FakeTool(
            ToolDescription description,
            Class<? extends Record> inputType,
            Class<? extends Record> outputType,
            Supplier<Tool<?, ?>> make)
            implements
                HostedTool {
        @Override
        public Tool<?, ?> newTool() {
            return make.get();
        }
    }

    /** An agent that is the same object in every run. */
    FakeCatalog add(String name, Agent agent) {
        return add(name, PLUGIN, Optional.empty(), () -> agent);
    }

    FakeCatalog add(String name, String plugin, Agent agent) {
        return add(name, plugin, Optional.empty(), () -> agent);
    }

    FakeCatalog add(String name, String plugin, Optional<Duration> deadline, Maker<Agent> make) {
        HostedAgent agent = new HostedAgent(name, "Test agent " + name, plugin, "1.0", deadline, false, Set.of());
        agents.put(name, new Entry(agent, make));
        sort();
        return this;
    }

    /** An agent that can be resumed. */
    FakeCatalog addResumable(String name, Agent agent) {
        return addResumable(name, "1.0", Set.of(), agent);
    }

    FakeCatalog addResumable(String name, String version, Set<String> compatibleWith, Agent agent) {
        HostedAgent hosted = new HostedAgent(
                name, "Test agent " + name, PLUGIN, version, Optional.empty(), true, compatibleWith);
        agents.put(name, new Entry(hosted, () -> agent));
        sort();
        return this;
    }

    void remove(String name) {
        agents.remove(name);
        sort();
    }

    private synchronized void sort() {
        sorted = agents.values().stream()
                .map(Entry::agent)
                .sorted(Comparator.comparing(HostedAgent::name))
                .toList();
    }

    <I extends Record, O extends Record> FakeCatalog addTool(
            String name, Class<? extends Tool<I, O>> type, Class<I> input, Class<O> output, Tool<I, O> tool) {
        return addTool(name, Effect.READS, type, input, output, tool);
    }

    <I extends Record, O extends Record> FakeCatalog addTool(
            String name,
            Effect effect,
            Class<? extends Tool<I, O>> type,
            Class<I> input,
            Class<O> output,
            Tool<I, O> tool) {
        ToolDescription description = new ToolDescription(name, "Test tool " + name, effect, "{}");
        tools.add(new PlacedTool(PLUGIN, type, new FakeTool(description, input, output, () -> tool)));
        return this;
    }

    @Override
    public List<HostedAgent> agents() {
        return sorted;
    }

    @Override
    public Optional<AgentLease> lease(String agent) {
        return Optional.ofNullable(agents.get(agent)).map(entry -> {
            openLeases.incrementAndGet();
            return new FakeLease(entry);
        });
    }

    @Override
    public void beforeUnload(Consumer<ClassLoader> keeper) {
        keepers.add(keeper);
    }

    /** Tells whoever keeps something of a version, in this thread, that it goes. */
    void unload(ClassLoader version) {
        keepers.forEach(keeper -> keeper.accept(version));
    }

    @Override
    public void runAbandoned(String plugin) {
        abandoned.add(plugin);
    }

    @Override
    public void abandonedRunEnded(String plugin) {
        abandoned.remove(plugin);
    }

    /** The plugins of runs that were told to ignore their stop, and have not ended. */
    List<String> abandoned() {
        return List.copyOf(abandoned);
    }

    int openLeases() {
        return openLeases.get();
    }

    private final class FakeLease implements AgentLease {
        private final Entry entry;
        private final AtomicBoolean closed = new AtomicBoolean();

        FakeLease(Entry entry) {
            this.entry = entry;
        }

        private void requireOpen() {
            if (closed.get()) {
                throw new IllegalStateException("the lease is closed");
            }
        }

        @Override
        public HostedAgent agent() {
            requireOpen();
            return entry.agent();
        }

        @Override
        public ClassLoader loader() {
            requireOpen();
            return FakeCatalog.class.getClassLoader();
        }

        @Override
        public Agent newAgent() throws PluginFaultException {
            requireOpen();
            return entry.make().make();
        }

        private List<PlacedTool> ofPlugin() {
            requireOpen();
            return tools.stream()
                    .filter(tool -> tool.plugin().equals(entry.agent().plugin()))
                    .toList();
        }

        @Override
        public List<ToolDescription> tools() {
            return ofPlugin().stream().map(tool -> tool.tool().description()).toList();
        }

        @Override
        public Optional<HostedTool> tool(String name) {
            return ofPlugin().stream()
                    .filter(tool -> tool.tool().description().name().equals(name))
                    .<HostedTool>map(PlacedTool::tool)
                    .findFirst();
        }

        @Override
        public Optional<HostedTool> tool(Class<?> type) {
            return ofPlugin().stream()
                    .filter(tool -> tool.type() == type)
                    .<HostedTool>map(PlacedTool::tool)
                    .findFirst();
        }

        @Override
        public RecordCodec records() {
            requireOpen();
            return records;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                openLeases.decrementAndGet();
            }
        }
    }
}
