package io.insula.app;

/** Which Insula this is. */
final class Version {
    private Version() {}

    /** The version alone, such as {@code 0.1.0}. */
    static String number() {
        return Version.class.getModule().getDescriptor().rawVersion()
                .orElseThrow(() -> new IllegalStateException("the module was compiled without a version"));
    }

    static String line() {
        return "insula " + number();
    }
}
