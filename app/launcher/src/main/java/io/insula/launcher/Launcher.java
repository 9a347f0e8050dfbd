package io.insula.launcher;

import java.nio.file.Path;

/**
 * Starts the installation named by the system property {@code insula.home}.
 *
 * <p>Ends the process with status 1 and one line on the error stream when the application cannot be started or throws;
 * {@code INSULA_DEBUG=1} in the environment adds the stack trace. Otherwise it returns when the application returns, and
 * the process lives on while the application's threads do.
 */
public final class Launcher {
    private static final int FAILED = 1;

    private Launcher() {}

    /**
     * Starts the application.
     *
     * @param args the command line, handed on as it is; never {@code null}
     */
    public static void main(String[] args) {
        // Without this, Guice writes classes through Unsafe, which our flags refuse. It is read once, so it comes first.
        System.setProperty("guice_bytecode_gen_option", "DISABLED");
        LogDefaults.apply(System.getProperties());
        System.setErr(new LogStream(System.err));

        var failureReport = new FailureReport(System.err, "1".equals(System.getenv("INSULA_DEBUG")));
        var home = System.getProperty("insula.home");
        if (home == null) {
            System.err.println("insula: the system property insula.home is not set. Start Insula with bin/insula.");
            System.exit(FAILED);
        } else if (!start(Path.of(home), args, failureReport)) {
            System.exit(FAILED);
        }
    }

    /** Tells whether the application started and returned without throwing; what it threw is then in the report. */
    static boolean start(Path home, String[] args, FailureReport failureReport) {
        try {
            EngineLayer.define(home.resolve("lib", "engine")).start(args);
            return true;
        } catch (LaunchFailure failure) {
            failureReport.print(failure);
            return false;
        }
    }
}
