package io.insula.plugin.host;

/** What became of a file in the plugins folder, or of a version that was loaded from it. */
public enum PluginState {
    /** Loaded; its agents can be asked. */
    STARTED,
    /** Loaded; its agents can be asked, but runs of it ignore their stop and have not ended. */
    UNHEALTHY,
    /** Replaced or removed: its agents cannot be asked any more, and something still holds it. */
    FINISHING,
    /** Not loaded yet: the file is still changing. */
    ARRIVING,
    /** Not loaded yet: it is as soon as something else is there, or gone, which the problem names. */
    WAITING,
    /** Not loaded: it, or something that it needs, breaks a rule of the platform. */
    REFUSED,
    /** Not loaded: its own code threw, could not be linked, or did not come to an end in time. */
    FAILED
}
