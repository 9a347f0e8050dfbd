package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application with a certificate, and the terminal on its machine. */
class TlsIT {
    private static final Pattern ADDRESS =
            Pattern.compile("Insula is listening on https://127\\.0\\.0\\.1:([0-9]+)\\n");

    @TempDir
    private Path folder;

    @Test
    void theTerminalOnTheServersMachineTrustsItsCertificateAndNobodySpeaksPlainHttp() throws Exception {
        var certificate = folder.resolve("certificate.pem");
        var key = folder.resolve("key.pem");
        // Its name is not the one that the terminal reaches the server by.
        OwnCertificate.of("CN=insula.example", "dns:insula.example", folder).writePem(certificate, key);
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

            OwnCertificate.of("CN=other.example", "dns:other.example", folder).writePem(certificate, key);
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
}
