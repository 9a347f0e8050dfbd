package io.insula.app;

final class UserEngineWrapper {}
