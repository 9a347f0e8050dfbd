package io.insula.transport.websocket;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What {@code openapi.json} says, for tests. */
final class DescribedApi {
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete", "put", "head", "options");

    private final JsonObject document;

    DescribedApi() throws IOException {
        try (InputStream file = Objects.requireNonNull(DescribedApi.class.getResourceAsStream("openapi.json"))) {
            document = object(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** A request. */
    record Sample(String method, String path, String route, String body) {
        Sample(String method, String path) {
            this(method, path, path, "");
        }

        Sample(String method, String path, String route) {
            this(method, path, route, "");
        }

        static Sample with(String method, String path, String route, String body) {
            return new Sample(method, path, route, body);
        }

        String operation() {
            return method + " " + route;
        }

        HttpResponse<String> send(InetSocketAddress address, String token) throws Exception {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + address.getPort() + path))
                        .header("Authorization", "Bearer " + token)
                        .header("X-Insula-Name", "file.txt")
                        .header("Content-Type", "application/json");
                return client.send(
                        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                        HttpResponse.BodyHandlers.ofString());
            }
        }
    }

    static JsonObject object(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    /** All operations, as METHOD PATH. */
    Set<String> operations() {
        Set<String> all = new TreeSet<>();
        paths().entrySet().forEach(path -> path.getValue().getAsJsonObject().keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    /** Those whose answer is JSON when all is well. */
    Set<String> operationsThatAnswerJson() {
        Set<String> all = new TreeSet<>();
        for (String operation : operations()) {
            JsonObject responses = operation(operation).getAsJsonObject("responses");
            for (String status : responses.keySet()) {
                JsonElement content = responses.getAsJsonObject(status).get("content");
                if (status.startsWith("2") && content != null
                        && content.getAsJsonObject().has("application/json")) {
                    all.add(operation);
                }
            }
        }
        return all;
    }

    /** Names of the parameters that are in such a place. */
    Set<String> parameters(String method, String path, String place) {
        Set<String> names = new TreeSet<>();
        JsonObject item = paths().getAsJsonObject(path);
        for (JsonObject holder : List.of(item, item.getAsJsonObject(method.toLowerCase(Locale.ROOT)))) {
            JsonArray parameters = holder.has("parameters") ? holder.getAsJsonArray("parameters") : new JsonArray();
            for (JsonElement parameter : parameters) {
                JsonObject known = resolved(parameter.getAsJsonObject());
                if (known.get("in").getAsString().equals(place)) {
                    names.add(known.get("name").getAsString());
                }
            }
        }
        return names;
    }

    /** The words that a member may be. */
    List<String> words(String schema, String member) {
        return schemas().getAsJsonObject(schema).getAsJsonObject("properties").getAsJsonObject(member)
                .getAsJsonArray("enum").asList().stream().map(JsonElement::getAsString).toList();
    }

    List<String> members(String schema) {
        return List.copyOf(schemas().getAsJsonObject(schema).getAsJsonObject("properties").keySet());
    }

    /** References to what is not there. */
    List<String> brokenReferences() {
        List<String> broken = new ArrayList<>();
        collectBroken(document, broken);
        return broken;
    }

    private void collectBroken(JsonElement element, List<String> broken) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> collectBroken(each, broken));
        } else if (element.isJsonObject()) {
            element.getAsJsonObject().entrySet().forEach(each -> {
                if (each.getKey().equals("$ref") && find(each.getValue().getAsString()).isEmpty()) {
                    broken.add(each.getValue().getAsString());
                }
                collectBroken(each.getValue(), broken);
            });
        }
    }

    /** Whether the described body may be this. */
    boolean takes(Sample sample, String body) {
        JsonObject schema = operation(sample.operation()).getAsJsonObject("requestBody").getAsJsonObject("content")
                .getAsJsonObject("application/json").getAsJsonObject("schema");
        return errors(schema, body).isEmpty();
    }

    /** Fails if the answer is not as described. */
    void check(Sample sample, HttpResponse<String> answer) {
        JsonObject responses = operation(sample.operation()).getAsJsonObject("responses");
        String status = String.valueOf(answer.statusCode());
        JsonObject response = resolved(responses.getAsJsonObject(responses.has(status) ? status : "default"));
        if (!responses.has(status) && answer.statusCode() < 400) {
            throw new AssertionError(sample + " answers " + status + ", which is not described");
        }
        String mediaType = answer.headers().firstValue("Content-Type").orElse("");
        JsonElement content = response.getAsJsonObject("content").get(mediaType);
        if (content == null) {
            throw new AssertionError(sample + " answers " + mediaType + ", which is not described: " + answer.body());
        }
        List<String> errors = errors(content.getAsJsonObject().getAsJsonObject("schema"), answer.body());
        if (!errors.isEmpty()) {
            throw new AssertionError(sample + " answers " + answer.body() + ": " + errors);
        }
    }

    private List<String> errors(JsonObject schema, String json) {
        JsonObject whole = schema.deepCopy();
        whole.add("components", document.get("components").deepCopy());
        Validator.Result result = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .validate(whole.toString(), json);
        return result.getErrors().stream()
                .map(error -> error.getInstanceLocation() + " " + error.getKeyword() + " " + error.getError())
                .toList();
    }

    private JsonObject operation(String operation) {
        int space = operation.indexOf(' ');
        return paths().getAsJsonObject(operation.substring(space + 1))
                .getAsJsonObject(operation.substring(0, space).toLowerCase(Locale.ROOT));
    }

    private JsonObject resolved(JsonObject object) {
        return object.has("$ref")
                ? find(object.get("$ref").getAsString()).orElseThrow().getAsJsonObject()
                : object;
    }

    private Optional<JsonElement> find(String reference) {
        Optional<JsonElement> at = Optional.of(document);
        for (String part : reference.substring(2).split("/", -1)) {
            at = at.filter(JsonElement::isJsonObject).map(holder -> holder.getAsJsonObject().get(part));
        }
        return at;
    }

    private JsonObject paths() {
        return document.getAsJsonObject("paths");
    }

    private JsonObject schemas() {
        return document.getAsJsonObject("components").getAsJsonObject("schemas");
    }
}
