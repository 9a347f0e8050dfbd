package io.insula.plugin.host;

final class PluginRuns {
    record RunEngine() {}
}
