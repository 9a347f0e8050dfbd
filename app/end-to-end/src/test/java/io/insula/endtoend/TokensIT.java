package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of the packaged program: revoked, renewed, and of somebody else. */
class TokensIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Recording.Closed REVOKED = new Recording.Closed(4003, "token revoked");

    @TempDir
    private Path folder;

    private static HttpResponse<String> send(URI address, String method, String token) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token)
                            .method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static int agents(PackagedApp app, String token) {
        return send(app.http("/agents"), "GET", token).statusCode();
    }

    @Test
    @Tag("J22")
    void aRevokedTokenEndsAtOnceAndForGood() throws Exception {
        var installation = Installation.withPlugins(folder, List.of("hello"));
        String ada;
        String bob;
        try (var app = PackagedApp.start(installation)) {
            ada = app.token("ada");
            bob = app.token("bob");
            var ofAda = InsulaClient.connect(app.webSocket(), ada);
            var ofBob = InsulaClient.connect(app.webSocket(), bob);

            var revoked = app.command("token", "revoke", ada);

            assertEquals(0, revoked.status(), revoked::output);
            assertEquals(REVOKED, ofAda.awaitClose());
            assertEquals(401, agents(app, ada));
            assertEquals("pong", ofBob.call(ofBob.message("ping")).path("type").asString());
            assertEquals(200, send(app.http("/logout"), "POST", bob).statusCode());
            assertEquals(REVOKED, ofBob.awaitClose());
            app.kill();
        }
        try (var app = PackagedApp.start(installation)) {
            assertEquals(401, agents(app, ada));
            assertEquals(401, agents(app, bob));
            assertEquals(200, agents(app, app.token("carol")));
        }
    }

    @Test
    @Tag("J25")
    void nothingOfTokensComesIntoTheLog() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_JAVA_OPTIONS", "-Dorg.slf4j.simpleLogger.log.io.insula=trace");
        try (var app = PackagedApp.start(Installation.withPlugins(folder, List.of("hello")), environment)) {
            String token = app.token("name-of-a-user");
            var user = InsulaClient.connect(app.webSocket(), token);
            user.succeed(user.message("token.refresh").put("token", token));
            assertEquals(
                    "token-of-another-user",
                    user.refused(user.message("token.refresh").put("token", app.token("name-of-another"))));
            assertEquals("unauthenticated", user.refused(user.message("token.refresh").put("token", token + "x")));
            assertEquals(401, agents(app, token.substring(0, token.length() - 4)));
            assertEquals(0, app.command("token", "revoke", "--user", "name-of-another").status());
            assertEquals(200, send(app.http("/logout"), "POST", token).statusCode());
            assertEquals(401, agents(app, token));
            assertEquals(REVOKED, user.awaitClose());

            var log = String.join("\n", app.output().lines().filter(line -> !line.contains("#token=")).toList());
            assertTrue(log.contains("tokens_revoked"), log);
            for (String secret : List.of("eyJ", "name-of-a-user", "name-of-another")) {
                assertFalse(log.contains(secret), log);
            }
        }
    }

    @Test
    @Tag("J20")
    void tokensOfAFileOfKeys() throws Exception {
        var installation = Installation.withPlugins(folder, List.of("hello"));
        var service = service(installation, "service");
        var next = service(installation, "next");
        var keys = Files.writeString(folder.resolve("keys.json"), set(service));
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_AUTH_ISSUER", "insula");
        environment.put("INSULA_AUTH_KEYS_FILE", keys.toString());
        environment.put("INSULA_AUTH_KEYS_LOOK", "100 ms");
        environment.put("INSULA_AUTH_KEYS_GRACE", "1 h");
        try (var app = PackagedApp.start(installation, environment)) {
            app.awaitOutput("Get a token from insula and open ");
            assertFalse(app.output().contains("eyJ"), app::output);
            String ofService = TokenMint.of(service).token("ada");
            var user = InsulaClient.connect(app.webSocket(), ofService);
            assertEquals(401, agents(app, app.token("ada")));
            var made = CommandRun.of(
                    List.of(installation.program().toString(), "token", "ada"),
                    withData(installation.data(), environment), installation.home());
            assertNotEquals(0, made.status());
            assertTrue(made.output().contains("Insula makes no tokens for users here"), made::output);
            assertEquals(0, app.command("plugin", "list").status());

            Files.writeString(keys, set(next));
            String ofNext = TokenMint.of(next).token("ada");
            Eventually.await("the next key", () -> agents(app, ofNext) == 200, app::output);
            assertEquals(200, agents(app, ofService));
            user.succeed(user.message("token.refresh").put("token", ofNext));
        }
    }

    @Test
    @Tag("J20")
    void tokensOfAnAddressThatIsDownAtTheStart() throws Exception {
        var installation = Installation.withPlugins(folder, List.of("hello"));
        var service = service(installation, "service");
        int port = freePort();
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_AUTH_ISSUER", "insula");
        environment.put("INSULA_AUTH_KEYS_URL", "http://127.0.0.1:" + port + "/keys");
        environment.put("INSULA_AUTH_KEYS_RETRY", "100 ms");
        try (var app = PackagedApp.start(installation, environment)) {
            String token = TokenMint.of(service).token("ada");
            Eventually.await("why it is not ready", () -> ready(app).equals(
                    "503 {\"status\":\"not-ready\",\"reasons\":[\"keys-unavailable\"],"
                            + "\"details\":{\"keys-unavailable\":\"no-answer\"}}"),
                    () -> ready(app));
            var refused = send(app.http("/agents"), "GET", token);
            assertEquals(503, refused.statusCode());
            assertTrue(refused.body().contains("\"code\":\"keys-unavailable\""), refused::body);
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());

            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            serve(server, set(service));
            try {
                Eventually.await("the keys", () -> ready(app).startsWith("200 "), () -> ready(app));
                InsulaClient.connect(app.webSocket(), token).close();
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    @Tag("J20")
    void tokensOfAnAddressWhoseCertificateIsTrustedAlone() throws Exception {
        var installation = Installation.withPlugins(folder, List.of("hello"));
        var service = service(installation, "service");
        var certificate = OwnCertificate.of("CN=keys", "ip:127.0.0.1", folder);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        serve(server, set(service));
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_AUTH_ISSUER", "insula");
        environment.put("INSULA_AUTH_KEYS_URL", "https://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        environment.put("INSULA_AUTH_KEYS_RETRY", "100 ms");
        try {
            String token = TokenMint.of(service).token("ada");
            try (var app = PackagedApp.start(installation, environment)) {
                Eventually.await("why it is not ready", () -> ready(app).contains("keys-unavailable"),
                        () -> ready(app));
                assertEquals(503, agents(app, token));
            }
            environment.put("INSULA_JAVA_OPTIONS", "-Djavax.net.ssl.trustStore=" + certificate.store()
                    + " -Djavax.net.ssl.trustStorePassword=" + OwnCertificate.PASSWORD);
            try (var app = PackagedApp.start(installation, environment)) {
                Eventually.await("the keys", () -> ready(app).startsWith("200 "), () -> ready(app));
                assertEquals(200, agents(app, token));
            }
        } finally {
            server.stop(0);
        }
    }

    private static void serve(HttpServer server, String keys) {
        byte[] body = keys.getBytes(StandardCharsets.UTF_8);
        server.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static String ready(PackagedApp app) {
        var response = send(app.admin("/health/ready"), "GET", "none");
        return response.statusCode() + " " + response.body();
    }

    /** A login service: a data folder with a key of its own. */
    private Path service(Installation installation, String name) throws IOException, InterruptedException {
        var data = folder.resolve(name);
        var made = CommandRun.of(
                List.of(installation.program().toString(), "token", "x"), withData(data, Map.of()),
                installation.home());
        assertEquals(0, made.status(), made::output);
        return data;
    }

    private static Map<String, String> withData(Path data, Map<String, String> environment) {
        var more = new HashMap<>(environment);
        more.put("INSULA_DATA_DIR", data.toString());
        return more;
    }

    private static String set(Path service) throws IOException {
        return "{\"keys\":[" + Files.readString(service.resolve("signing-key.json")) + "]}";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
