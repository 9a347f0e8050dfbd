package io.insula.app;

import io.insula.agent.UserId;
import java.time.Duration;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code insula token NAME}: makes a token for a user and prints it, and nothing else, on the output. */
final class TokenCommand {
    static final int MOST_DAYS = 3_650;

    private final Surroundings surroundings;

    TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException {
        int days = flags.matchedOptionValue(Commands.DAYS, 30);
        if (days < 1 || days > MOST_DAYS) {
            throw new ParameterException(
                    flags.commandSpec().commandLine(), Commands.DAYS + " must be 1 to " + MOST_DAYS + ", is " + days);
        }
        String name = flags.matchedPositionalValue(0, "");
        UserTokens.requireOwnKey(configuration);
        var user = user(configuration, name);
        var key = SigningKey.open(DataFolder.open(configuration.data()));
        surroundings.output().println(
                key.token(user, configuration.audience(), surroundings.clock().instant(), Duration.ofDays(days)));
        return ExitCode.DONE;
    }

    /** The user of this name at this installation. */
    static UserId user(Configuration configuration, String name) throws FailedException {
        try {
            return new UserId(configuration.issuer(), name);
        } catch (IllegalArgumentException e) {
            throw new FailedException(
                    "\"" + PrintableText.line(name, 300) + "\" cannot be a user's name: " + e.getMessage() + ".", e);
        }
    }
}
