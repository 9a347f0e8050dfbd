package io.insula.app;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.ParseResult;

/**
 * What the commands of a user share: the connection and everything around it.
 *
 * @param http the client that both uploads and the WebSocket use
 * @param account where they connect, and as whom
 * @param connection not connected yet
 * @param parts what following a run takes
 */
record ClientSetup(HttpClient http, Account account, LiveConnection connection, RunFollower.Parts parts)
        implements
            AutoCloseable {
    private static final int INBOX = 1_000;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    static ClientSetup of(Surroundings surroundings, Configuration configuration, ParseResult flags)
            throws FailedException {
        var screen = new Screen(surroundings);
        BlockingQueue<Happening> inbox = new LinkedBlockingQueue<>(INBOX);
        var account = account(surroundings, configuration, flags, screen);
        var builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONGEST_CONNECT);
        var own = configuration.tls().filter(files -> address(surroundings, flags).isEmpty());
        if (own.isPresent()) {
            builder.sslContext(PinnedCertificate.context(own.get().certificate()));
        }
        var http = builder.build();
        var keyboard = new Keyboard(
                surroundings.input(), inbox, Thread.ofPlatform().name("keyboard").daemon(true).factory());
        var connection = new LiveConnection(http, account, inbox, screen);
        surroundings.signals().onStop(() -> {
            try {
                inbox.put(new Happening.StopAsked());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return new ClientSetup(
                http,
                account,
                connection,
                new RunFollower.Parts(
                        connection,
                        new Uploads(http, account),
                        keyboard,
                        screen,
                        surroundings.terminals().input(),
                        UUID::randomUUID));
    }

    @Override
    public void close() {
        connection.close();
        http.shutdownNow();
    }

    /** The address of a server that was named; empty if it is the one with the same configuration, on this machine. */
    private static String address(Surroundings surroundings, ParseResult flags) {
        String flag = flags.matchedOptionValue(Commands.URL, "");
        return flag.isEmpty() ? surroundings.environment().getOrDefault("INSULA_URL", "") : flag;
    }

    private static Account account(
            Surroundings surroundings, Configuration configuration, ParseResult flags, Screen screen)
            throws FailedException {
        var environment = surroundings.environment();
        var address = address(surroundings, flags);
        var server = Account.parse(address.isEmpty() ? configuration.url(configuration.port()) : address);
        if (address.isEmpty() && configuration.port() == 0) {
            throw new FailedException("http.port is 0, so the server's port is known only from what it printed. "
                    + "Name its address with --url or INSULA_URL.");
        }
        var token = environment.getOrDefault("INSULA_TOKEN", "").strip();
        if (!token.isEmpty()) {
            return new Account(server, () -> token);
        }
        UserTokens.requireOwnKey(configuration);
        var user = TokenCommand.user(configuration, surroundings.login());
        var key = SigningKey.open(DataFolder.open(configuration.data()));
        screen.aside(0, "INSULA_TOKEN is not set; asking as " + PrintableText.line(user.subject(), 100)
                + " with the key in " + configuration.data() + ".");
        return new Account(
                server,
                () -> key.token(user, configuration.audience(), surroundings.clock().instant(), TOKEN_LIFETIME));
    }
}
