package io.insula.agent;

import org.slf4j.LoggerFactory;

final class Loud {
    void say() {
        LoggerFactory.getLogger(Loud.class).info("hello");
    }
}
