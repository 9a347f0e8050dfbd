package io.insula.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** One run of the command line, with streams that the test reads and signals that it sends. */
final class CommandRun {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();
    private final AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
    private final Path userHome;
    private InputStream input = InputStream.nullInputStream();
    private Surroundings.Terminals terminals = new Surroundings.Terminals(false, false, false);
    private String login = "ada";

    CommandRun(Path userHome) {
        this.userHome = userHome;
    }

    CommandRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CommandRun typing(String text) {
        input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    CommandRun reading(InputStream stream) {
        input = stream;
        return this;
    }

    CommandRun atTerminal() {
        terminals = new Surroundings.Terminals(true, true, true);
        return this;
    }

    CommandRun loggedInAs(String name) {
        login = name;
        return this;
    }

    Surroundings surroundings() {
        return new Surroundings(
                environment,
                Optional.empty(),
                userHome,
                login,
                input,
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                terminals,
                () -> NOW,
                stop::set);
    }

    ExitCode run(String... arguments) {
        return new Commands(surroundings()).run(arguments);
    }

    /** What Ctrl-C does. */
    void interrupt() {
        stop.get().run();
    }

    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }
}
