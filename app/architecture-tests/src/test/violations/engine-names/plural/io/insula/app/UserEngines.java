package io.insula.app;

final class UserEngines {}
