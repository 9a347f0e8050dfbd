package io.insula.plugin.host;

import io.insula.agent.Agent;

/** Where the modules lie that plugins see. */
final class PlatformModules {
    private PlatformModules() {}

    /** The layer that the visible modules are in. */
    static ModuleLayer layer() {
        var layer = Agent.class.getModule().getLayer();
        if (layer == null) {
            throw new IllegalStateException(
                    "io.insula.agent must be on the module path: plugins live in module layers");
        }
        return layer;
    }
}
