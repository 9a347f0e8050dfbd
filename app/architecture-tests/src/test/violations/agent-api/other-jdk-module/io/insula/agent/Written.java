package io.insula.agent;

final class Written {
    java.util.logging.Logger[] logs;
}
