package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AttachmentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadRequestsTest extends TransportTestCase {
    private static final String TUS = "Tus-Resumable: 1.0.0\r\n";
    private static final String PIECE = TUS + "Content-Type: application/offset+octet-stream\r\n";

    @Test
    void aFileComesInPieces() throws IOException {
        String begun = begin(10);
        assertTrue(begun.startsWith("HTTP/1.1 201 "), begun);
        assertTrue(begun.contains("Location: /uploads/u1\r\n"), begun);
        assertTrue(begun.contains("Tus-Resumable: 1.0.0\r\n"), begun);
        assertTrue(begun.contains("Upload-Expires: Mon, 02 Nov 2026 12:00:00 GMT\r\n"), begun);

        String first = send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 0\r\n", "01234");
        assertTrue(first.startsWith("HTTP/1.1 204 "), first);
        assertTrue(first.contains("Upload-Offset: 5\r\n"), first);
        String so = send("HEAD", "/uploads/u1", TUS, "");
        assertTrue(so.startsWith("HTTP/1.1 200 "), so);
        assertTrue(so.contains("Upload-Offset: 5\r\n") && so.contains("Upload-Length: 10\r\n"), so);
        assertTrue(so.contains("Cache-Control: no-store\r\n"), so);

        String last = send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 5\r\n", "56789");
        assertTrue(last.contains("Upload-Offset: 10\r\n"), last);
        assertTrue(!last.contains("Upload-Expires"), last);
        assertArrayEquals("0123456789".getBytes(StandardCharsets.UTF_8), content());
    }

    @Test
    void whatCameBeforeTheNetworkBrokeIsKept() throws IOException {
        begin(10);
        try (RawClient client = running.client()) {
            client.send(head("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 0\r\n", 10) + "0123");
            Await.until("it has come", () -> content().length == 4);
        }
        Await.until("it was given up", () -> running.directory.leases.get() == 0);
        assertTrue(send("HEAD", "/uploads/u1", TUS, "").contains("Upload-Offset: 4\r\n"));
        assertTrue(send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 4\r\n", "456789").contains("Offset: 10\r\n"));
    }

    /** The server may not know yet that the network of the one before is gone. */
    @Test
    void whoeverGoesOnTakesOverFromTheOneThatHangs() throws IOException {
        begin(10);
        try (RawClient hangs = running.client()) {
            hangs.send(head("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 0\r\n", 10) + "0123");
            Await.until("it has come", () -> content().length == 4);
            assertTrue(send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 4\r\n", "456789")
                    .startsWith("HTTP/1.1 204 "));
            hangs.send("456789");
            assertTrue(hangs.readResponse().startsWith("HTTP/1.1 409 "));
        }
        assertArrayEquals("0123456789".getBytes(StandardCharsets.UTF_8), content());
    }

    @Test
    void aPieceForAnotherPlaceIsInTheWay() throws IOException {
        begin(10);
        String early = send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 1\r\n", "1");
        assertTrue(early.startsWith("HTTP/1.1 409 "), early);
        assertTrue(early.contains("\"code\":\"upload-offset\""), early);
        assertEquals(0, content().length);
        send("DELETE", "/uploads/u1", TUS, "");
    }

    @Test
    void whatWasGivenUpOrNeverWasIsUnknown() throws IOException {
        begin(10);
        assertTrue(send("DELETE", "/uploads/u1", TUS, "").startsWith("HTTP/1.1 204 "));
        for (String method : List.of("HEAD", "DELETE")) {
            assertTrue(send(method, "/uploads/u1", TUS, "").startsWith("HTTP/1.1 404 "), method);
            assertTrue(send(method, "/uploads/u9", TUS, "").startsWith("HTTP/1.1 404 "), method);
        }
        String unknown = send("PATCH", "/uploads/u1", PIECE + "Upload-Offset: 0\r\n", "x");
        assertTrue(unknown.startsWith("HTTP/1.1 404 "), unknown);
        assertTrue(unknown.contains("\"code\":\"upload-unknown\""), unknown);
    }

    @Test
    void aFileThatIsTooLargeIsRefusedBeforeItComes() throws IOException {
        assertTrue(begin(RecordedUser.ATTACHMENT_BYTES).startsWith("HTTP/1.1 201 "));
        String refused = begin(RecordedUser.ATTACHMENT_BYTES + 1);
        assertTrue(refused.startsWith("HTTP/1.1 413 "), refused);
        assertTrue(refused.contains("\"code\":\"attachment-too-large\""), refused);
    }

    @Test
    void requestsThatAreNotAsTheVersionWantsThemAreRefused() throws IOException {
        for (String version : List.of("", "Tus-Resumable: 0.2.0\r\n", TUS + TUS)) {
            String refused = send("POST", "/uploads", version + "Upload-Length: 1\r\n" + metadata("a.csv"), "");
            assertTrue(refused.startsWith("HTTP/1.1 412 "), refused);
            assertTrue(refused.contains("Tus-Version: 1.0.0\r\n"), refused);
        }
        for (String length : List.of("", "Upload-Length: -1\r\n", "Upload-Length: x\r\n",
                "Upload-Length: 1\r\nUpload-Length: 1\r\n", "Upload-Length: 1000000000000000000\r\n",
                "Upload-Defer-Length: 1\r\n")) {
            String refused = send("POST", "/uploads", TUS + length + metadata("a.csv"), "");
            assertTrue(refused.startsWith("HTTP/1.1 400 "), length + refused);
        }
        begin(10);
        assertTrue(send("PATCH", "/uploads/u1", TUS + "Upload-Offset: 0\r\n", "x").startsWith("HTTP/1.1 415 "));
        assertTrue(send("PATCH", "/uploads/u1", PIECE, "x").startsWith("HTTP/1.1 400 "));
        assertTrue(send("HEAD", "/uploads/a%20b", TUS, "").startsWith("HTTP/1.1 400 "));
        send("DELETE", "/uploads/u1", TUS, "");
    }

    @Test
    void aFileHasANameWithoutAPath() throws IOException {
        for (String name : List.of("", "a/b", "..\\x", "\u0000", "x".repeat(256))) {
            assertTrue(send("POST", "/uploads", TUS + "Upload-Length: 1\r\n" + metadata(name), "")
                    .startsWith("HTTP/1.1 400 "), name);
        }
        for (String header : List.of("", "Upload-Metadata: filename\r\n", "Upload-Metadata: filename !\r\n",
                "Upload-Metadata: filename gIA=\r\n", "Upload-Metadata: filetype dGV4dC9jc3Y=\r\n",
                metadata("a").stripTrailing() + "," + "filename YQ==\r\n", metadata("a") + metadata("a"),
                metadata("a").stripTrailing() + ",k".repeat(16) + "\r\n",
                metadata("a").stripTrailing() + ",filetype eA==\r\n")) {
            String refused = send("POST", "/uploads", TUS + "Upload-Length: 1\r\n" + header, "");
            assertTrue(refused.startsWith("HTTP/1.1 400 "), header + refused);
            assertTrue(refused.contains("Upload-Metadata"), refused);
        }
        String more = send("POST", "/uploads", TUS + "Upload-Length: 1\r\n" + metadata("a").stripTrailing()
                + ",filetype dGV4dC9jc3Y=, other" + ",k".repeat(13) + "\r\n", "");
        assertTrue(more.startsWith("HTTP/1.1 201 "), more);
    }

    @Test
    void whatIsSpokenIsToldWithoutAToken() throws IOException {
        try (RawClient client = running.client()) {
            String told = client.send("OPTIONS /uploads HTTP/1.1\r\nHost: localhost:" + running.address.getPort()
                    + "\r\n\r\n").readHead();
            assertTrue(told.startsWith("HTTP/1.1 204 "), told);
            assertTrue(told.contains("Tus-Extension: creation,expiration,termination\r\n"), told);
        }
        assertTrue(send("POST", "/uploads", TUS + "Authorization: Bearer x\r\n", "").startsWith("HTTP/1.1 401 "));
    }

    private String begin(int bytes) throws IOException {
        return send("POST", "/uploads", TUS + "Upload-Length: " + bytes + "\r\n" + metadata("a.csv"), "");
    }

    private byte[] content() {
        return running.directory.user("ada").uploads.content(new AttachmentId("u1"));
    }

    private static String metadata(String name) {
        return "Upload-Metadata: filename "
                + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private String head(String method, String path, String headers, int length) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost:" + running.address.getPort()
                + "\r\nAuthorization: Bearer " + running.tokens.of("ada") + "\r\n" + headers + "Content-Length: "
                + length
                + "\r\n\r\n";
    }

    private String send(String method, String path, String headers, String body) throws IOException {
        try (RawClient client = running.client()) {
            client.send(head(method, path, headers, body.length()) + body);
            return method.equals("HEAD") ? client.readHead() : client.readResponse();
        }
    }
}
