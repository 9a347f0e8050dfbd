package io.insula.app;

final class RunEngine {}
