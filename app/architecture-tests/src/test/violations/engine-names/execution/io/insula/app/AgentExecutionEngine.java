package io.insula.app;

final class AgentExecutionEngine {}
