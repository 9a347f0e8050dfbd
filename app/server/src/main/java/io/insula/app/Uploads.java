package io.insula.app;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Sends files to the server, which gives each an id to name it by. Files are streamed, whatever their size. */
final class Uploads {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int CREATED = 201;
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "csv", "text/csv",
            "tsv", "text/tab-separated-values",
            "txt", "text/plain",
            "log", "text/plain",
            "md", "text/markdown",
            "json", "application/json",
            "jsonl", "application/x-ndjson",
            "ndjson", "application/x-ndjson",
            "pdf", "application/pdf");

    private final HttpClient http;
    private final Account account;

    Uploads(HttpClient http, Account account) {
        this.http = http;
        this.account = account;
    }

    /** A file at the server. */
    record Uploaded(String id, String name, long bytes) {}

    /** The file that was typed, if it can be read. */
    static Path readable(String typed) throws FailedException {
        try {
            var file = Path.of(typed);
            if (Files.isDirectory(file)) {
                throw new FailedException(quoted(typed) + " is a folder. Attach a file.");
            }
            if (!Files.exists(file)) {
                throw new FailedException("There is no file " + quoted(typed) + ".");
            }
            if (!Files.isReadable(file)) {
                throw new FailedException("The file " + quoted(typed) + " cannot be read.");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new FailedException(quoted(typed) + " is not a file's path.", e);
        }
    }

    /** Sends one file. */
    Uploaded send(Path file) throws FailedException, InterruptedException {
        var name = String.valueOf(file.getFileName());
        try {
            var request = HttpRequest.newBuilder(account.http("/attachments")).timeout(LONGEST)
                    .header("Authorization", "Bearer " + account.token().get()).header("Content-Type", mediaType(name))
                    .header("X-Insula-Name", URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
                    .POST(HttpRequest.BodyPublishers.ofFile(file)).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            var body = Json.object(response.body());
            if (response.statusCode() != CREATED || !body.path("id").isString()) {
                throw new FailedException(
                        "The server does not take " + quoted(name) + ": " + problem(response.statusCode(), body));
            }
            return new Uploaded(body.path("id").stringValue(""), name, body.path("bytes").longValue(0));
        } catch (ConnectException e) {
            throw nobodyAnswers(account, e);
        } catch (FileNotFoundException e) {
            throw new FailedException("There is no file " + quoted(name) + ".", e);
        } catch (IOException e) {
            throw new FailedException("Sending " + quoted(name) + " broke off (" + e.getClass().getSimpleName()
                    + "). The file may be too large for the server; else try again.", e);
        }
    }

    static FailedException nobodyAnswers(Account account, Exception cause) {
        return new FailedException("Nothing answers at " + account.server()
                + ". Start Insula with \"insula serve\", or name another address with --url.", cause);
    }

    /** What a server's refusal over HTTP says. */
    static String problem(int status, tools.jackson.databind.JsonNode body) {
        var detail = PrintableText.line(body.path("detail").stringValue(body.path("title").stringValue("")), 500);
        var code = PrintableText.line(body.path("code").stringValue(""), 100);
        return (detail.isEmpty() ? "status " + status : detail) + (code.isEmpty() ? "" : " [" + code + "]");
    }

    private static String mediaType(String name) {
        var dot = name.lastIndexOf('.');
        return MEDIA_TYPES.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), "application/octet-stream");
    }

    private static String quoted(String name) {
        return "\"" + PrintableText.line(name, 300) + "\"";
    }
}
