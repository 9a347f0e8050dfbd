package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The packaged application, serving as a child process on a free port. Safe for any number of threads. */
final class PackagedApp implements AutoCloseable {
    /**
     * Settings for tests that send much at once, do not wait for the end of what they left under way, and start plugins on
     * a machine that does much else.
     */
    static final Map<String, String> ROOMY = Map.of(
            "INSULA_SHUTDOWN_DRAIN", "1 s",
            "INSULA_PLUGINS_START_TIME", "60 s",
            // All users of a test come from one address.
            "INSULA_TRANSPORT_CONNECTIONS_SOCKETS_PER_ADDRESS", "20000",
            "INSULA_TRANSPORT_MESSAGES_PER_MINUTE", "1000000",
            "INSULA_TRANSPORT_MESSAGES_BURST", "100000");

    /** Lets the tools of the JDK look into the application, which it refuses otherwise. */
    static final Map<String, String> ATTACHABLE = Map.of("INSULA_JAVA_OPTIONS", "-XX:-DisableAttachMechanism");

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");
    private static final Pattern ADMIN = Pattern.compile("Operators ask (http://127\\.0\\.0\\.1:[0-9]+)/");
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(40);

    private final Installation installation;
    private final Process process;
    private final Thread reader;
    private final Moment moment = new Moment();
    // All are guarded by the moment.
    private final StringBuilder output = new StringBuilder();
    private final Set<String> minted = new HashSet<>();
    private boolean ended;

    private PackagedApp(Installation installation, Process process) {
        this.installation = installation;
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("output of the app").start(this::readOutput);
    }

    /** Starts the application and waits until it says where it listens. */
    static PackagedApp start(Installation installation, Map<String, String> environment, String... options)
            throws IOException {
        var app = launch(installation, environment, options);
        app.moment.await(START, "the address", () -> ADDRESS.matcher(app.output).find() || app.ended,
                app.output::toString);
        if (app.moment.read(() -> app.ended)) {
            throw new AssertionError("the app ended: " + app.output());
        }
        return app;
    }

    static PackagedApp start(Installation installation) throws IOException {
        return start(installation, ROOMY);
    }

    /** Starts the application and does not wait. */
    static PackagedApp launch(Installation installation, Map<String, String> environment, String... options)
            throws IOException {
        var command = new ArrayList<>(List.of(installation.program().toString(), "serve"));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("INSULA_"));
        builder.environment().put("INSULA_DATA_DIR", installation.data().toString());
        builder.environment().put("INSULA_HTTP_PORT", "0");
        builder.environment().put("INSULA_ADMIN_PORT", "0");
        builder.environment().putAll(environment);
        return new PackagedApp(installation, builder.start());
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String read = line;
                moment.change(() -> output.append(read).append('\n'));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            moment.change(() -> ended = true);
        }
    }

    Installation installation() {
        return installation;
    }

    /** Everything that the process wrote so far, to both streams. */
    String output() {
        return moment.read(output::toString);
    }

    void awaitOutput(String text) {
        moment.await(START, "\"" + text + "\" in the output", () -> output.indexOf(text) >= 0, output::toString);
    }

    URI http(String path) {
        var matcher = ADDRESS.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("no address in: " + output());
        }
        return URI.create("http://127.0.0.1:" + matcher.group(1) + path);
    }

    /** The address of something at the port for operators. */
    URI admin(String path) {
        awaitOutput("/health/ready");
        var matcher = ADMIN.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("no address for operators in: " + output());
        }
        return URI.create(matcher.group(1) + path);
    }

    URI webSocket() {
        return URI.create(http("/ws").toString().replaceFirst("http", "ws"));
    }

    String token(String subject) {
        return mint(mint -> mint.token(subject));
    }

    /** A token for the port of operators. */
    String operatorToken() {
        return mint(mint -> mint.operatorToken(Duration.ofDays(1)));
    }

    private String mint(Function<TokenMint, String> making) {
        try {
            String token = making.apply(TokenMint.of(installation.data()));
            moment.change(() -> minted.add(token));
            return token;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("no token without the key of " + installation.data(), e);
        }
    }

    /** A connection of a user that follows all events. */
    InsulaClient user(String subject) {
        return InsulaClient.follow(webSocket(), token(subject));
    }

    /** The commands of the terminal, run to their end against this application. */
    CommandRun command(String... arguments) throws IOException, InterruptedException {
        return command(Map.of(), arguments);
    }

    /** The same, for the user of a token. */
    CommandRun commandOf(String token, String... arguments) throws IOException, InterruptedException {
        return command(Map.of("INSULA_TOKEN", token), arguments);
    }

    private CommandRun command(Map<String, String> more, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(installation.program().toString()));
        command.addAll(List.of(arguments));
        var environment = new HashMap<>(more);
        environment.put("INSULA_DATA_DIR", installation.data().toString());
        environment.put("INSULA_URL", http("").toString());
        return CommandRun.of(command, environment, installation.home());
    }

    /** Writes what is reachable in the memory of the application, which must allow to be attached to. */
    void dumpHeap(Path file) throws IOException, InterruptedException {
        diagnose("GC.heap_dump", "-overwrite", file.toString());
    }

    /** What the JDK's tool says to a question about the application, which must allow to be attached to. */
    String diagnose(String... question) throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var command = new ArrayList<>(List.of(tool, Long.toString(process.pid())));
        command.addAll(List.of(question));
        var answer = CommandRun.of(command, Map.of(), installation.home());
        assertEquals(0, answer.status(), answer::output);
        return answer.output();
    }

    /** The memory of the process that is in the machine's, by Linux. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024;
            }
        }
        throw new AssertionError("the process is gone");
    }

    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
        assertEquals(0, kill.waitFor());
    }

    /** Kills the process at once, as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        awaitExit();
    }

    /** Waits for the process to end by itself, and returns its status. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs after " + STOP.toSeconds() + " s: " + output());
        }
        reader.join();
        return process.exitValue();
    }

    /** Ends the process, and fails if it ever wrote one of the tokens that the test made. */
    @Override
    public void close() {
        // By its handle: Process.destroy would close the stream that is still being read.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.toHandle().destroyForcibly();
            }
            reader.join();
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
        String written = output();
        for (String token : moment.read(() -> Set.copyOf(minted))) {
            assertFalse(written.contains(token), "the output holds a token");
        }
    }
}
