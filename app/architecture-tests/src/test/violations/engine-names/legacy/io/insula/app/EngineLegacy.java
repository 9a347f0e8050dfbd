package io.insula.app;

final class EngineLegacy {}
