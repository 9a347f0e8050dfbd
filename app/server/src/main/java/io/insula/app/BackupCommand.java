package io.insula.app;

import io.insula.agent.UserId;
import io.insula.engine.user.OfflineData;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.ParseResult;

/**
 * {@code insula backup FILE}: writes everything of all users into one archive; through the process that serves from the
 * data folder, or from the folder itself if none does.
 */
final class BackupCommand {
    private static final int OK = 200;
    private static final int MOST_PROBLEM_BYTES = 64 << 10;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Duration FIRST_BYTES = Duration.ofHours(1);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);

    private final Surroundings surroundings;

    BackupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        var data = DataFolder.open(configuration.data());
        try (var file = NewFile.of(flags.matchedPositionalValue(0, ""), flags.hasMatchedOption(Commands.FORCE))) {
            switch (data.hold(ProcessHandle.current().pid())) {
                case DataFolder.Holding.Held(DataFolder.Lock lock) -> {
                    try (lock) {
                        data.useNativeCode();
                        new OfflineData(data.path()).backup(surroundings.clock().instant(), file.output());
                    }
                }
                case DataFolder.Holding.ByOther(String process, String admin) -> {
                    if (admin.isEmpty()) {
                        throw new FailedException("The Insula that has the data folder (process " + process
                                + ") does not serve yet. Try again in a moment.");
                    }
                    fetch(configuration, data, admin, file);
                }
            }
            file.keep();
            surroundings.errors().println("The backup is " + file.path() + " (" + file.bytes() + " bytes).");
            return ExitCode.DONE;
        } catch (ConnectException e) {
            throw new FailedException("The Insula that has the data folder does not answer operators.", e);
        } catch (IOException e) {
            throw new FailedException("The backup broke off (" + DataFolder.reason(e) + "); nothing was kept.", e);
        }
    }

    private void fetch(Configuration configuration, DataFolder data, String admin, NewFile file)
            throws FailedException, IOException, InterruptedException {
        var token = SigningKey.open(data).operatorToken(
                new UserId(configuration.issuer(), "operator"),
                configuration.audience(),
                surroundings.clock().instant(),
                TOKEN_LIFETIME);
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONGEST_CONNECT)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create(admin).resolve("/backup")).timeout(FIRST_BYTES)
                    .header("Authorization", "Bearer " + token).POST(HttpRequest.BodyPublishers.noBody()).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != OK) {
                    var problem = new String(body.readNBytes(MOST_PROBLEM_BYTES), StandardCharsets.UTF_8);
                    throw new FailedException("The server gives no backup: "
                            + Uploads.problem(response.statusCode(), Json.object(problem)));
                }
                body.transferTo(file.output());
            }
        }
    }
}
