package io.insula.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an application tells its operators about taking new work. */
final class Readiness {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern ADDRESS =
            Pattern.compile("Operators ask (http://127\\.0\\.0\\.1:[0-9]+/health/ready)");

    private final PackagedApp app;

    Readiness(PackagedApp app) {
        this.app = app;
    }

    /** Status and body; empty if the application has no port for operators. */
    Optional<String> read() {
        var address = ADDRESS.matcher(app.output());
        if (!address.find()) {
            return Optional.empty();
        }
        var request = HttpRequest.newBuilder(URI.create(address.group(1))).build();
        try {
            var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return Optional.of(response.statusCode() + " " + response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void awaitReady() {
        await("to be ready", "200 ");
    }

    void awaitJournalUnavailable() {
        await("to say that the journal cannot be written", "journal-unavailable");
    }

    private void await(String what, String text) {
        Eventually.await(what, () -> read().map(told -> told.contains(text)).orElse(true),
                () -> read() + ", " + app.output());
    }
}
