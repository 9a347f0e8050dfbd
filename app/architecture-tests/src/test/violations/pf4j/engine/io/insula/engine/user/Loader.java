package io.insula.engine.user;

import org.pf4j.PluginManager;

final class Loader {
    PluginManager manager;
}
