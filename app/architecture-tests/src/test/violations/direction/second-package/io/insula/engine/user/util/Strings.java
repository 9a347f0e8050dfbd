package io.insula.engine.user.util;

final class Strings {}
