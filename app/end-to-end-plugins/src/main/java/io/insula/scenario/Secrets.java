package io.insula.scenario;

/** Texts that exceptions carry and that must reach nobody; no input of a test holds one as it is. */
final class Secrets {
    private Secrets() {}

    static String text(String secret) {
        return "classified-" + secret;
    }
}
