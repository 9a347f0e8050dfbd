package io.insula.hello;

final class HelloEngine {}
