package io.insula.engine.user;

final class Room {}
