package io.insula.architecture;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The modules that we ship, and which of ours each may use. */
final class Shipped {
    static final Path ROOT = Path.of(System.getProperty("reactor.root"));

    static final String AGENT = "io.insula.agent";
    static final String HOSTING = "io.insula.agent.hosting";
    static final String RULES = "io.insula.agent.rules";
    static final String ENGINE_API = "io.insula.engine.api";
    static final String ENGINE_USER = "io.insula.engine.user";
    static final String HOST = "io.insula.plugin.host";
    static final String TRANSPORT = "io.insula.transport.websocket";
    static final String LAUNCHER = "io.insula.launcher";
    static final String APP = "io.insula.app";
    static final String HELLO = "io.insula.hello";
    static final String COST_ADVISOR = "io.insula.cost.advisor";

    /**
     * A module, which has one package of the same name.
     *
     * @param folder where it is built
     * @param name its name
     * @param uses the modules of ours that it may use: arrows point one way
     * @param floor it has at least so many classes; fewer mean that the scan missed something
     */
    record Shipment(String folder, String name, Set<String> uses, int floor) {
        Path classes() {
            return ROOT.resolve(folder).resolve("target", "classes");
        }
    }

    static final List<Shipment> MODULES = List.of(
            new Shipment("agents-plugins/agent-api", AGENT, Set.of(), 25),
            new Shipment("agents-plugins/agent-hosting", HOSTING, Set.of(AGENT), 7),
            new Shipment("agents-plugins/agent-rules", RULES, Set.of(), 15),
            new Shipment("engine-api", ENGINE_API, Set.of(AGENT), 20),
            new Shipment("engine-user", ENGINE_USER, Set.of(AGENT, HOSTING, ENGINE_API), 30),
            new Shipment("agents-plugins/plugin-host", HOST, Set.of(AGENT, HOSTING, RULES), 15),
            new Shipment("websocket-transport", TRANSPORT, Set.of(AGENT, ENGINE_API), 20),
            new Shipment("app/launcher", LAUNCHER, Set.of(), 5),
            new Shipment("app/server", APP, Set.of(AGENT, HOSTING, RULES, ENGINE_API, ENGINE_USER, HOST, TRANSPORT),
                    15),
            new Shipment("agents-plugins/hello", HELLO, Set.of(AGENT), 1),
            new Shipment("agents-plugins/cost-advisor", COST_ADVISOR, Set.of(AGENT), 20));

    private Shipped() {}

    static List<Path> folders() {
        return MODULES.stream().map(Shipment::classes).toList();
    }

    /** The descriptors of the compiled modules, by name. */
    static Map<String, ModuleDescriptor> descriptors() {
        var descriptors = new TreeMap<String, ModuleDescriptor>();
        for (var reference : ModuleFinder.of(folders().toArray(Path[]::new)).findAll()) {
            descriptors.put(reference.descriptor().name(), reference.descriptor());
        }
        return descriptors;
    }
}
