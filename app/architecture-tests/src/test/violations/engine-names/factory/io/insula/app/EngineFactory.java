package io.insula.app;

final class EngineFactory {}
