package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a serving application tells its operators of its plugins. Safe for any number of threads. */
final class ServedPlugins {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /**
     * A version that is loaded, or a file that is not.
     *
     * @param plugin the plugin's id; a question mark if none can be read, and so the version
     * @param runs how many runs of it are under way
     */
    record Row(String plugin, String version, String state, int runs) {
        private static Row of(JsonNode told) {
            return new Row(told.path("id").asString("?"), told.path("version").asString("?"),
                    told.path("state").asString(), told.path("runs").asInt());
        }

        /** Whether it was replaced or removed, and runs of it are under way. */
        boolean isHeldByRuns() {
            return state.equals("finishing") && runs > 0;
        }

        @Override
        public String toString() {
            return plugin + " " + version + " " + state + " " + runs;
        }
    }

    private final PackagedApp app;
    private final URI address;
    private final String token;

    ServedPlugins(PackagedApp app) {
        this.app = app;
        this.address = app.admin("/plugins");
        this.token = app.operatorToken();
    }

    List<Row> rows() {
        try {
            var request = HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token)
                    .timeout(Moment.DEADLINE).build();
            var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), response::body);
            var rows = new ArrayList<Row>();
            InsulaClient.JSON.readTree(response.body()).path("plugins").forEach(told -> rows.add(Row.of(told)));
            return rows;
        } catch (IOException e) {
            throw new AssertionError("operators are not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The rows of one plugin, each in words. */
    List<String> told(String plugin) {
        return rows().stream().filter(row -> row.plugin().equals(plugin)).map(Row::toString).toList();
    }

    /** Waits until exactly these rows are told of a plugin. */
    void await(String plugin, String... expected) {
        Eventually.await("the rows " + List.of(expected), () -> told(plugin).equals(List.of(expected)),
                () -> rows().toString());
    }

    /** Waits until so many class loaders of plugins are left in the memory of the application, which must be attachable. */
    void awaitLoaders(long expected) {
        awaitLoadersNamed("\"plugin:", expected);
    }

    /** The same, of one plugin alone. */
    void awaitLoaders(String plugin, long expected) {
        awaitLoadersNamed("\"plugin:" + plugin + "\"", expected);
    }

    private void awaitLoadersNamed(String name, long expected) {
        Eventually.await(expected + " class loaders " + name, () -> loaders(name) == expected,
                () -> Long.toString(loaders(name)));
    }

    private long loaders(String name) {
        try {
            app.diagnose("GC.run");
            return app.diagnose("VM.classloaders", "fold=false").lines().filter(line -> line.contains(name)).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
