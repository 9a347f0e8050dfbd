package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final int ALERT_BYTES = 7;

    private Path folder;
    private TestCertificate first;
    private TestCertificate second;
    private TlsFiles files;

    @BeforeAll
    void make(@TempDir Path made) {
        folder = made;
        first = TestCertificate.make(folder, "first", "-keyalg", "EC", "-groupname", "secp256r1");
        second = TestCertificate.make(folder, "second", "-keyalg", "RSA", "-keysize", "2048");
        files = new TlsFiles(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    }

    @BeforeEach
    void write() throws IOException {
        first.write(files);
    }

    private RunningTransport started() throws IOException {
        return new RunningTransport(RunningTransport.limits(), Optional.of(files), Set.of());
    }

    private static RawClient over(SSLSocket socket, RunningTransport running) throws IOException {
        return new RawClient(socket, running.address.getPort());
    }

    @Test
    void aConnectionOverTlsIsLikeAnyOther() throws IOException {
        try (var running = started();
                RawClient client = over(first.connect(running.address), running)) {
            client.connect(running.tokens.of("ada"));
            assertTrue(client.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
            running.directory.user("ada").emit("{\"big\":\"" + "x".repeat(200_000) + "\"}");
            client.text("{\"type\":\"subscribe\",\"id\":\"1\",\"after\":\"start\"}");
            assertTrue(client.readTextIs("result"));
            assertTrue(client.readText().length() > 200_000);
        }
    }

    @Test
    void aBrowserIsToldToComeOverTlsAlone() throws IOException {
        try (var running = started();
                RawClient client = over(first.connect(running.address), running)) {
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + running.address.getPort() + "\r\n\r\n");
            String response = client.readResponse();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            assertTrue(response.contains("Strict-Transport-Security: max-age=31536000\r\n"), response);
        }
        try (var plain = new RunningTransport();
                RawClient client = plain.client()) {
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + plain.address.getPort() + "\r\n\r\n");
            assertFalse(client.readResponse().contains("Strict-Transport-Security"));
        }
    }

    @Test
    void aPageThatCameWithoutTlsIsAForeignOne() throws IOException {
        try (var running = started()) {
            String own = "127.0.0.1:" + running.address.getPort();
            assertEquals("HTTP/1.1 101 ", upgradeFrom("https://" + own, running));
            assertEquals("HTTP/1.1 403 ", upgradeFrom("http://" + own, running));
        }
    }

    @Test
    void aNameThatIsServedNeedNotStandInTheCertificate() throws IOException {
        try (var running = started();
                RawClient client = over(first.connect(running.address), running)) {
            String own = "Host: 127.0.0.1:" + running.address.getPort();
            client.send(client.upgrade(running.tokens.of("ada")).replace(own, "Host: chat.example.com") + "\r\n");
            assertEquals("HTTP/1.1 101 ", client.readHead().substring(0, 13));
        }
    }

    private String upgradeFrom(String origin, RunningTransport running) throws IOException {
        try (RawClient client = over(first.connect(running.address), running)) {
            client.send(client.upgrade(running.tokens.of("ada")) + "Origin: " + origin + "\r\n\r\n");
            return client.readHead().substring(0, 13);
        }
    }

    @Test
    @Tag("W22")
    void whoeverSpeaksPlainHttpIsCutAndGetsNoAnswer() throws IOException {
        try (var running = started();
                RawClient client = running.client()) {
            client.send(client.upgrade(running.tokens.of("ada")) + "\r\n");
            assertTrue(isCut(client));
            assertEquals(0, running.directory.leases.get());
        }
    }

    @Test
    @Tag("W19")
    void whoeverDoesNotFinishTheHandshakeOfTlsIsCut() throws IOException {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        var quick = RunningTransport.with(new TransportLimits.Times(
                Duration.ofSeconds(2), times.ping(), times.deadAfter(), times.progress(), times.cut()));
        try (var running = new RunningTransport(quick, Optional.of(files), Set.of());
                RawClient whole = over(first.connect(running.address), running);
                RawClient silent = running.client();
                RawClient begun = running.client()) {
            begun.send(new byte[]{22, 3, 1, 2, 0, 1});
            assertTrue(isCut(silent));
            assertTrue(isCut(begun));
            assertTrue(whole.isAtEnd());
            Await.until("nothing is watched any more", () -> running.transport.waitingSockets() == 0
                    && running.transport.addresses() == 0);
        }
    }

    /** Whether the stream ends with two alerts of TLS at most. */
    private static boolean isCut(RawClient client) throws IOException {
        return client.socket.getInputStream().readAllBytes().length <= 2 * ALERT_BYTES;
    }

    @Test
    void aNewCertificateIsTakenWithoutARestartAndOpenConnectionsGoOn() throws IOException {
        try (var running = started();
                RawClient before = over(first.connect(running.address), running)) {
            before.connect(running.tokens.of("ada"));
            second.write(files);
            Await.until("the new one is shown", () -> isShown(second, running));
            assertThrows(SSLHandshakeException.class, () -> first.connect(running.address));
            assertTrue(before.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
        }
    }

    @Test
    void filesThatDoNotFitTogetherChangeNothingUntilTheyDo() throws IOException {
        try (var running = started()) {
            Files.writeString(files.key(), second.keyPem());
            first.connect(running.address).close();
            Files.delete(files.certificate());
            first.connect(running.address).close();
            second.write(files);
            Await.until("the new one is shown", () -> isShown(second, running));
        }
    }

    private static boolean isShown(TestCertificate certificate, RunningTransport running) {
        try (SSLSocket socket = certificate.connect(running.address)) {
            return socket.isConnected();
        } catch (SSLException e) {
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void filesThatCannotBeUsedAreRefusedAtTheStartWithTheReason() throws IOException {
        for (List<String> wrong : List.of(
                List.of(first.certificatePem(), second.keyPem(), "does not hold a key of the certificate's kind"),
                List.of(first.certificatePem(), otherKey(), "is not that of the first certificate"),
                List.of("", first.keyPem(), "certificate"),
                List.of("nonsense", first.keyPem(), "certificate"),
                List.of(first.certificatePem(), "nonsense", "openssl pkcs8"),
                List.of(first.certificatePem(), "-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", "key"),
                List.of("x".repeat(TlsIdentity.MOST_BYTES + 1), first.keyPem(), "larger than 1048576 bytes"))) {
            Files.writeString(files.certificate(), wrong.get(0));
            Files.writeString(files.key(), wrong.get(1));
            String reason = assertThrows(TlsFilesException.class, this::started).getMessage();
            assertTrue(String.valueOf(reason).contains(wrong.get(2)), reason);
        }
        Files.delete(files.key());
        assertThrows(TlsFilesException.class, this::started);
    }

    private String otherKey() {
        return TestCertificate.make(folder, "other" + System.nanoTime(), "-keyalg", "EC", "-groupname", "secp256r1")
                .keyPem();
    }
}
