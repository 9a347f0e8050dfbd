package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application with a certificate, and the terminal on its machine. */
class TlsIT {
    private static final String PASSWORD = "password";
    private static final Pattern ADDRESS =
            Pattern.compile("Insula is listening on https://127\\.0\\.0\\.1:([0-9]+)\\n");

    @TempDir
    private Path folder;

    @Test
    void theTerminalOnTheServersMachineTrustsItsCertificateAndNobodySpeaksPlainHttp() throws Exception {
        var certificate = folder.resolve("certificate.pem");
        var key = folder.resolve("key.pem");
        // Its name is not the one that the terminal reaches the server by.
        makeCertificate("CN=insula.example", certificate, key);
        var installation = Installation.withPlugins(folder, List.of("hello"));
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_HTTP_TLS_CERTIFICATE", certificate.toString());
        environment.put("INSULA_HTTP_TLS_KEY", key.toString());
        try (var app = PackagedApp.start(installation, environment)) {
            var address = ADDRESS.matcher(app.output());
            assertTrue(address.find(), app::output);
            environment.put("INSULA_DATA_DIR", installation.data().toString());
            environment.put("INSULA_HTTP_PORT", address.group(1));

            var asked = ask(installation, environment);
            assertEquals(0, asked.status(), asked::output);
            assertTrue(asked.output().contains("Hello, Ada!"), asked::output);

            makeCertificate("CN=other.example", certificate, key);
            app.awaitOutput("tls_certificate_replaced");
            var askedAgain = ask(installation, environment);
            assertEquals(0, askedAgain.status(), askedAgain::output);

            environment.put("INSULA_URL", "http://127.0.0.1:" + address.group(1));
            assertNotEquals(0, ask(installation, environment).status());
        }
    }

    @Test
    void aCertificateWithoutItsKeyIsRefusedWithWhatToDo() throws Exception {
        var installation = Installation.withPlugins(folder, List.of("hello"));
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_HTTP_TLS_CERTIFICATE", folder.resolve("nothing.pem").toString());
        try (var app = PackagedApp.launch(installation, environment)) {
            assertEquals(2, app.awaitExit());
            assertTrue(app.output().contains("both the certificate and its key must be given"), app::output);
        }
        environment.put("INSULA_HTTP_TLS_KEY", folder.resolve("nothing.pem").toString());
        try (var app = PackagedApp.launch(installation, environment)) {
            assertNotEquals(0, app.awaitExit());
            assertTrue(app.output().contains("The files for TLS cannot be used: "), app::output);
        }
    }

    private static CommandRun ask(Installation installation, Map<String, String> environment) throws Exception {
        return CommandRun.of(
                List.of(installation.program().toString(), "ask", "hello", "Ada"), environment, installation.home());
    }

    private void makeCertificate(String name, Path certificate, Path key) throws Exception {
        var store = folder.resolve(name + ".p12");
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = CommandRun.of(
                List.of(tool, "-genkeypair", "-alias", "k", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", name,
                        "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
                        PASSWORD),
                Map.of(), folder);
        assertEquals(0, made.status(), made::output);
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.writeString(key, pem("PRIVATE KEY", keys.getKey("k", PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("k").getEncoded()));
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content)
                + "\n-----END " + what + "-----\n";
    }
}
