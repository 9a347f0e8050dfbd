package io.insula.app;

/** What the process tells its caller; the numbers are documented and do not change. */
enum ExitCode {
    /** What was asked for is done. */
    DONE(0),
    /** It could not be done; one line says why. */
    FAILED(1),
    /** The command line or the configuration is wrong. */
    USAGE(2),
    /** Somebody stopped it (Ctrl-C). */
    STOPPED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
