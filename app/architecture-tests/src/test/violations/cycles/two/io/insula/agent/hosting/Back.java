package io.insula.agent.hosting;

public final class Back {
    io.insula.plugin.host.There there;
}
