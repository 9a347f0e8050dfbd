package io.insula.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.ZipFile;
import picocli.CommandLine.ParseResult;

/** {@code insula export FILE}: takes all of the user's data along, as one zip. */
final class ExportCommand {
    private static final int OK = 200;
    private static final int COPY_BYTES = 64 << 10;
    private static final int MOST_PROBLEM_BYTES = 64 << 10;
    private static final long PROGRESS_BYTES = 8L << 20;
    private static final Duration FIRST_BYTES = Duration.ofMinutes(10);
    private static final String MANIFEST = "manifest.json";

    private final Surroundings surroundings;

    ExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        try (var file = NewFile.of(flags.matchedPositionalValue(0, ""), flags.hasMatchedOption(Commands.FORCE));
                var setup = ClientSetup.of(surroundings, configuration, flags)) {
            var account = setup.account();
            var request = HttpRequest.newBuilder(account.http("/export")).timeout(FIRST_BYTES)
                    .header("Authorization", "Bearer " + account.token().get()).build();
            var response = setup.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != OK) {
                    var problem = new String(body.readNBytes(MOST_PROBLEM_BYTES), StandardCharsets.UTF_8);
                    throw new FailedException("The server gives no export: "
                            + Uploads.problem(response.statusCode(), Json.object(problem)));
                }
                copy(body, file.output());
            }
            check(file.part());
            file.keep();
            surroundings.errors().println("Everything is in " + file.path() + " (" + file.bytes() + " bytes).");
            return ExitCode.DONE;
        } catch (ConnectException e) {
            throw new FailedException("Nothing answers there. Start Insula with \"insula serve\", or name another "
                    + "address with --url.", e);
        } catch (IOException e) {
            throw new FailedException("The export broke off (" + DataFolder.reason(e) + "); nothing was kept.", e);
        }
    }

    private void copy(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[COPY_BYTES];
        long bytes = 0;
        long told = 0;
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            bytes += read;
            if (bytes - told >= PROGRESS_BYTES) {
                told = bytes;
                surroundings.errors().println((bytes >> 20) + " MiB ...");
            }
        }
    }

    private static void check(Path archive) throws IOException, FailedException {
        try (var zip = new ZipFile(archive.toFile())) {
            if (zip.getEntry(MANIFEST) == null) {
                throw new FailedException("What the server sent is not a whole export; nothing was kept. Try again.");
            }
        }
    }
}
