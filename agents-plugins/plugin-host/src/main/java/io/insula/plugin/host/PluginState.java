package io.insula.plugin.host;

/** What became of a file in the plugins folder. */
public enum PluginState {
    /** Loaded; its agents can be asked. */
    STARTED,
    /** Not loaded: it, or something that it needs, breaks a rule of the platform. */
    REFUSED,
    /** Not loaded: its own code threw, could not be linked, or did not come to an end in time. */
    FAILED
}
