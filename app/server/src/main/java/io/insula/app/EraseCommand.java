package io.insula.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code insula erase}: has everything of the user erased for good, after asking once more. */
final class EraseCommand {
    private static final int OK = 200;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Surroundings surroundings;

    EraseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        boolean sure = flags.hasMatchedOption(Commands.YES);
        if (!sure && !surroundings.terminals().input()) {
            throw new ParameterException(
                    flags.commandSpec().commandLine(),
                    "Nobody is there to be asked. Say " + Commands.YES + " to erase without being asked.");
        }
        try (var setup = ClientSetup.of(surroundings, configuration, flags)) {
            var name = setup.connection().connect().subject();
            // It would only be closed by the erase.
            setup.connection().close();
            if (!sure && !confirmed(name)) {
                surroundings.errors().println("Nothing was erased.");
                return ExitCode.FAILED;
            }
            var account = setup.account();
            var request = HttpRequest.newBuilder(account.http("/erase")).timeout(LONGEST)
                    .header("Authorization", "Bearer " + account.token().get())
                    .POST(HttpRequest.BodyPublishers.ofString("{\"erase\":\"all my data\"}")).build();
            var response = setup.http().send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != OK) {
                throw new FailedException("The server did not erase: "
                        + Uploads.problem(response.statusCode(), Json.object(response.body())));
            }
            surroundings.errors().println("Everything of " + name + " is erased.");
            return ExitCode.DONE;
        } catch (ConnectException e) {
            throw new FailedException("Nothing answers there. Start Insula with \"insula serve\", or name another "
                    + "address with --url.", e);
        } catch (IOException e) {
            throw new FailedException("It is not known whether it was erased (" + e.getClass().getSimpleName()
                    + "). Look, and erase again if need be.", e);
        }
    }

    private boolean confirmed(String name) throws IOException {
        surroundings.errors().print("This erases all threads, runs, files and notes of " + name
                + " for good. Type the name to go on: ");
        surroundings.errors().flush();
        var typed = new BufferedReader(new InputStreamReader(surroundings.input(), StandardCharsets.UTF_8)).readLine();
        return typed != null && PrintableText.line(typed.strip(), 255).equals(name);
    }
}
