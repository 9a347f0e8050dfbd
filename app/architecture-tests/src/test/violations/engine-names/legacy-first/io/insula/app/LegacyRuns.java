package io.insula.app;

final class LegacyRuns {}
