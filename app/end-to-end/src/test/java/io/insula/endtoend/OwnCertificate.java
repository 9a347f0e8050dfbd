package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that nobody has signed but itself, with its key. */
record OwnCertificate(Path store) {
    static final String PASSWORD = "password";

    /**
     * Makes one with the tool of the JDK.
     *
     * @param name as in {@code CN=insula.example}
     * @param alternative what else it is for, as in {@code ip:127.0.0.1}
     */
    static OwnCertificate of(String name, String alternative, Path folder) throws IOException, InterruptedException {
        var store = folder.resolve(UUID.randomUUID() + ".p12");
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = CommandRun.of(
                List.of(tool, "-genkeypair", "-alias", "k", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", name,
                        "-ext", "san=" + alternative, "-validity", "2", "-storetype", "PKCS12", "-keystore",
                        store.toString(), "-storepass", PASSWORD),
                Map.of(), folder);
        assertEquals(0, made.status(), made::output);
        return new OwnCertificate(store);
    }

    void writePem(Path certificate, Path key) throws IOException, GeneralSecurityException {
        var keys = load();
        Files.writeString(key, pem("PRIVATE KEY", keys.getKey("k", PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("k").getEncoded()));
    }

    /** What a server needs to have this certificate. */
    SSLContext serverContext() throws IOException, GeneralSecurityException {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(load(), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content)
                + "\n-----END " + what + "-----\n";
    }
}
