package io.insula.hello;

import org.pf4j.Plugin;

final class HelloPlugin extends Plugin {}
