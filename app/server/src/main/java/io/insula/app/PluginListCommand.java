package io.insula.app;

import io.insula.agent.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * {@code insula plugin list}: asks the process that serves from the data folder what became of each file in its plugins
 * folder and of each version that is still held. It succeeds whatever it has to tell; a program that wants to know reads
 * the states.
 */
final class PluginListCommand {
    private static final int OK = 200;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
    private static final List<String> HEADINGS = List.of("PLUGIN", "VERSION", "STATE", "AGENTS", "FILE");

    private final Surroundings surroundings;

    PluginListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, boolean json) throws FailedException, InterruptedException {
        var listing = ask(configuration, DataFolder.open(configuration.data()));
        if (json) {
            surroundings.output().println(listing.toPrettyString());
        } else {
            print(listing.path("plugins"));
        }
        return ExitCode.DONE;
    }

    private JsonNode ask(Configuration configuration, DataFolder data) throws FailedException, InterruptedException {
        try {
            return switch (data.hold(ProcessHandle.current().pid())) {
                case DataFolder.Holding.Held(DataFolder.Lock lock) -> {
                    lock.close();
                    throw new FailedException("No Insula serves from the data folder " + configuration.data()
                            + ", so no plugins are loaded. Start it with \"insula serve\"; \"insula plugin verify FILE\""
                            + " looks at a file without it.");
                }
                case DataFolder.Holding.ByOther(String process, String admin) -> {
                    if (admin.isEmpty()) {
                        throw new FailedException("The Insula that has the data folder (process " + process
                                + ") does not serve yet. Try again in a moment.");
                    }
                    yield fetch(configuration, data, admin);
                }
            };
        } catch (IOException e) {
            throw new FailedException("The Insula that has the data folder does not answer operators.", e);
        }
    }

    private JsonNode fetch(Configuration configuration, DataFolder data, String admin)
            throws FailedException, IOException, InterruptedException {
        var token = SigningKey.open(data).operatorToken(
                new UserId(configuration.issuer(), "operator"),
                configuration.audience(),
                surroundings.clock().instant(),
                TOKEN_LIFETIME);
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONGEST).build()) {
            var request = HttpRequest.newBuilder(URI.create(admin).resolve("/plugins")).timeout(LONGEST)
                    .header("Authorization", "Bearer " + token).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            var body = Json.object(response.body());
            if (response.statusCode() != OK) {
                throw new FailedException(
                        "The server does not tell of its plugins: " + Uploads.problem(response.statusCode(), body));
            }
            return body;
        }
    }

    private void print(JsonNode plugins) {
        var output = surroundings.output();
        if (plugins.isEmpty()) {
            output.println("No plugins are in the plugins folder.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        plugins.forEach(plugin -> rows.add(List.of(
                PrintableText.line(plugin.path("id").asString("?"), 64),
                PrintableText.line(plugin.path("version").asString("?"), 32),
                state(plugin),
                agents(plugin),
                file(plugin))));
        rows.forEach(row -> output.println(padded(row, rows)));
        plugins.forEach(plugin -> {
            var problem = plugin.path("problem").asString("");
            if (!problem.isEmpty()) {
                output.println("\n" + file(plugin) + ": " + PrintableText.line(problem, 1_000));
            }
        });
    }

    private static String state(JsonNode plugin) {
        var runs = plugin.path("runs").asInt(0);
        var abandoned = plugin.path("abandonedRuns").asInt(0);
        var word = PrintableText.line(plugin.path("state").asString("?"), 32);
        return switch (word) {
            case "finishing" -> word + ", " + runs + (runs == 1 ? " run" : " runs") + " under way";
            case "unhealthy" -> word + ", " + abandoned + " not ending";
            default -> word;
        };
    }

    private static String agents(JsonNode plugin) {
        var names = plugin.path("agents").valueStream().map(name -> PrintableText.line(name.asString(""), 64))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "-" : PrintableText.line(names, 200);
    }

    private static String file(JsonNode plugin) {
        return PrintableText.line(plugin.path("file").asString("?"), 200);
    }

    private static String padded(List<String> row, List<List<String>> rows) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            var column = i;
            var width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
            line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
