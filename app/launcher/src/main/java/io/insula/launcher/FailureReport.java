package io.insula.launcher;

import static java.util.stream.Collectors.joining;

import java.io.PrintStream;

/** Says in one line why a launch failed, and where in the code only if asked to. */
final class FailureReport {
    private final PrintStream errors;
    private final boolean withStackTrace;

    FailureReport(PrintStream errors, boolean withStackTrace) {
        this.errors = errors;
        this.withStackTrace = withStackTrace;
    }

    void print(LaunchFailure failure) {
        var line = String.valueOf(failure.getMessage()).lines().map(String::strip).collect(joining(" "));
        errors.println("insula: " + line);
        if (withStackTrace) {
            failure.printStackTrace(errors);
        }
    }
}
