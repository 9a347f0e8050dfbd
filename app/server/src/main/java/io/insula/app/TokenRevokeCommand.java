package io.insula.app;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.transport.websocket.TokenRevocations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code insula token revoke}: has a token, or all of a user, accepted no more; by the process that serves from the data
 * folder, or in the folder itself if none does.
 */
final class TokenRevokeCommand {
    private static final int OK = 200;
    private static final String FROM_INPUT = "-";
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);

    private final Surroundings surroundings;

    TokenRevokeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What is to be revoked. */
    private sealed interface Revoked {
        record Token(String token) implements Revoked {}

        record Id(String id) implements Revoked {}

        record User(UserId user) implements Revoked {}
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        var data = DataFolder.open(configuration.data());
        try {
            var revoked = revoked(configuration, flags);
            switch (data.hold(ProcessHandle.current().pid())) {
                case DataFolder.Holding.Held(DataFolder.Lock lock) -> {
                    try (lock;
                            var revocations =
                                    UserTokens.revocations(configuration, data, surroundings.clock())) {
                        revoke(configuration, revocations, revoked);
                    }
                }
                case DataFolder.Holding.ByOther(String process, String admin) -> {
                    if (admin.isEmpty()) {
                        throw new FailedException("The Insula that has the data folder (process " + process
                                + ") does not serve yet. Try again in a moment.");
                    }
                    ask(configuration, data, admin, revoked);
                }
            }
            surroundings.errors().println(switch (revoked) {
                case Revoked.Token token -> "The token is revoked.";
                case Revoked.Id id -> "Tokens with this id are revoked.";
                case Revoked.User user -> "All tokens of this user that were issued until now are revoked.";
            });
            return ExitCode.DONE;
        } catch (RefusedException e) {
            throw new FailedException("Nothing was revoked: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new FailedException("It is not known whether it was revoked (" + e.getClass().getSimpleName()
                    + "). Revoke again.", e);
        }
    }

    private Revoked revoked(Configuration configuration, ParseResult flags) throws FailedException, IOException {
        String token = flags.matchedPositionalValue(0, "");
        String id = flags.matchedOptionValue(Commands.ID, "");
        String user = flags.matchedOptionValue(Commands.USER, "");
        if (!token.isEmpty() && id.isEmpty() && user.isEmpty()) {
            return new Revoked.Token(token.equals(FROM_INPUT) ? typed() : token);
        }
        if (!id.isEmpty() && token.isEmpty() && user.isEmpty()) {
            return new Revoked.Id(id);
        }
        if (!user.isEmpty() && token.isEmpty() && id.isEmpty()) {
            return new Revoked.User(TokenCommand.user(configuration, user));
        }
        throw new ParameterException(
                flags.commandSpec().commandLine(),
                "Name one of TOKEN, " + Commands.ID + " and " + Commands.USER + ".");
    }

    private String typed() throws IOException {
        var line = new BufferedReader(new InputStreamReader(surroundings.input(), StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line.strip();
    }

    private static void revoke(Configuration configuration, TokenRevocations revocations, Revoked revoked)
            throws RefusedException, IOException {
        switch (revoked) {
            case Revoked.Token(String token) -> revocations.revokeToken(token);
            case Revoked.Id(String id) -> revocations.revokeId(configuration.issuer(), id);
            case Revoked.User(UserId user) -> revocations.revokeUser(user);
        }
    }

    private void ask(Configuration configuration, DataFolder data, String admin, Revoked revoked)
            throws FailedException, IOException, InterruptedException {
        var operator = SigningKey.open(data).operatorToken(
                new UserId(configuration.issuer(), "operator"),
                configuration.audience(),
                surroundings.clock().instant(),
                TOKEN_LIFETIME);
        var body = switch (revoked) {
            case Revoked.Token(String token) -> Json.object().put("token", token);
            case Revoked.Id(String id) -> Json.object().put("tokenId", id);
            case Revoked.User(UserId user) -> Json.object().put("subject", user.subject());
        };
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONGEST).build()) {
            var request = HttpRequest.newBuilder(URI.create(admin).resolve("/tokens/revoke")).timeout(LONGEST)
                    .header("Authorization", "Bearer " + operator)
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != OK) {
                throw new FailedException("The server revoked nothing: "
                        + Uploads.problem(response.statusCode(), Json.object(response.body())));
            }
        }
    }
}
