package io.insula.transport.websocket;

import io.insula.agent.hosting.AgentCatalog;

final class Agents {
    private AgentCatalog catalog;
}
