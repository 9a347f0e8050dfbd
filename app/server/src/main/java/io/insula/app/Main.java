package io.insula.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Entry of the application inside the engine layer; called by the launcher with the command line.
 *
 * <p>The process ends with 0 when the command did what was asked for, 1 when it failed, 2 when the command line or the
 * configuration is wrong, and 130 when somebody stopped a command that was waiting for an answer. {@code serve} ends
 * with 0 when it is stopped by Ctrl-C or SIGTERM; a second one ends it at once with 130.
 */
public final class Main {
    private static final int TERMINAL_INPUT = 1;
    private static final int TERMINAL_OUTPUT = 2;
    private static final int TERMINAL_ERRORS = 4;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line, never {@code null}
     */
    public static void main(String[] args) {
        // Whatever the terminal's locale says: a report that is kept in a file must not lose its letters.
        var output = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        var errors = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var exitCode = new Commands(surroundings(output, errors)).run(args);
        output.flush();
        errors.flush();
        System.exit(exitCode.number());
    }

    private static Surroundings surroundings(PrintStream output, PrintStream errors) {
        return new Surroundings(
                System.getenv(),
                Optional.ofNullable(System.getProperty("insula.home")).map(Path::of),
                Path.of(System.getProperty("user.home", "")),
                System.getProperty("user.name", ""),
                System.in,
                output,
                errors,
                terminals(),
                InstantSource.system(),
                new ProcessSignals());
    }

    // The JDK tells only whether input and output together are a terminal, and not about the error stream.
    private static Surroundings.Terminals terminals() {
        var script = "n=0; test -t 0 && n=$((n+1)); test -t 1 && n=$((n+2)); test -t 2 && n=$((n+4)); exit $n";
        try {
            var bits = new ProcessBuilder("/bin/sh", "-c", script).inheritIO().start().waitFor();
            return new Surroundings.Terminals(
                    (bits & TERMINAL_INPUT) != 0, (bits & TERMINAL_OUTPUT) != 0, (bits & TERMINAL_ERRORS) != 0);
        } catch (IOException e) {
            // Without a shell nobody sits at a terminal either.
            return new Surroundings.Terminals(false, false, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Surroundings.Terminals(false, false, false);
        }
    }
}
