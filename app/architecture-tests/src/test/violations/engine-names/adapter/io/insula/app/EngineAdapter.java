package io.insula.app;

final class EngineAdapter {}
