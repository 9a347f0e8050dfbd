package io.insula.plugin.host;

import io.insula.agent.AgentContext;

abstract class QuietContext implements AgentContext {}
