package io.insula.plugin.host;

public final class There {
    io.insula.agent.hosting.Back back;
}
