package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpTest extends TransportTestCase {
    @Test
    void theStartPageNeedsNoTokenAndMayLoadNothingForeign() throws IOException {
        String response = request("GET / HTTP/1.1", "");
        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        assertTrue(response.endsWith("\r\n\r\n<title>Insula</title>"), response);
        assertTrue(response.contains("Content-Security-Policy: default-src 'none'; script-src 'self';"), response);
        assertTrue(response.contains("X-Content-Type-Options: nosniff"), response);
        assertTrue(response.contains("Referrer-Policy: no-referrer"), response);
    }

    @Test
    void whatIsNotThereIsAProblem() throws IOException {
        for (String line : List.of("GET /x", "POST /", "DELETE /agents", "GET /attachments", "GET /ws/", "PUT /ws")) {
            String response = request(line + " HTTP/1.1", "");
            assertTrue(response.startsWith("HTTP/1.1 404 "), line + response);
            assertTrue(
                    response.contains("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":"),
                    response);
            assertTrue(response.endsWith("\"code\":\"path-unknown\",\"number\":1021}"), response);
        }
    }

    @Test
    void requestsThatTheLibraryRefusesAreProblemsToo() throws IOException {
        for (String line : List.of("GET /../secret HTTP/1.1", "GET /%zz HTTP/1.1", "GET / HTTP/9.9", "G E T")) {
            String response = request(line, "");
            assertTrue(response.matches("(?s)HTTP/1.1 (400|404|505) .*"), line + response);
            assertTrue(response.contains("Content-Type: application/problem+json"), response);
        }
    }

    @Test
    void theAgentsAreListedForAUser() throws IOException {
        String response = request("GET /agents HTTP/1.1", authorization());
        assertTrue(
                response.endsWith("\r\n\r\n{\"agents\":[{\"name\":\"hello\",\"summary\":\"Says hello.\"}]}"), response);
        assertTrue(request("GET /agents HTTP/1.1", "").startsWith("HTTP/1.1 401 "));
        assertTrue(request("GET /agents HTTP/1.1", authorization() + "Origin: https://evil.example\r\n")
                .startsWith("HTTP/1.1 403 "));
    }

    @Test
    void aFileIsStoredWithItsNameAndType() throws IOException {
        String response = upload("%C3%A9t%C3%A9%20+.csv", "text/csv", new byte[RecordedUser.ATTACHMENT_BYTES]);
        assertTrue(response.startsWith("HTTP/1.1 201 "), response);
        assertTrue(
                response.endsWith("{\"id\":\"a1\",\"name\":\"\u00e9t\u00e9 +.csv\",\"mediaType\":\"text/csv\","
                        + "\"bytes\":1000}"),
                response);
        assertArrayEquals(
                new byte[RecordedUser.ATTACHMENT_BYTES], running.directory.user("ada").files.getFirst());
    }

    @Test
    void aFileOneByteTooLargeIsRefusedByItsDeclaredLengthAndByItsBytes() throws IOException {
        String declared = upload("x", "text/csv", new byte[RecordedUser.ATTACHMENT_BYTES + 1]);
        assertTrue(declared.startsWith("HTTP/1.1 413 "), declared);
        assertTrue(declared.contains("\"code\":\"attachment-too-large\""), declared);
        try (RawClient client = running.client()) {
            client.send("POST /attachments HTTP/1.1\r\n" + host() + authorization()
                    + "X-Insula-Name: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
                    + "x".repeat(RecordedUser.ATTACHMENT_BYTES + 1) + "\r\n0\r\n\r\n");
            String streamed = client.readResponse();
            assertTrue(streamed.startsWith("HTTP/1.1 413 "), streamed);
        }
        assertEquals(List.of(), running.directory.user("ada").files);
    }

    @Test
    void namesThatAreNoFileNamesAreRefused() throws IOException {
        for (String name : List.of("", "..%2Fx", "a/b", "%5C", "%00", "%FF", "%", "%4", "%g1", "x".repeat(256))) {
            String response = upload(name, "text/csv", new byte[1]);
            assertTrue(response.startsWith("HTTP/1.1 400 "), name + response);
            assertTrue(response.contains("X-Insula-Name"), response);
        }
        assertTrue(upload("x".repeat(255), "text/csv", new byte[1]).startsWith("HTTP/1.1 201 "));
        assertTrue(upload("x", "x", new byte[1]).startsWith("HTTP/1.1 400 "));
    }

    @Test
    void aThreadIsForkedWithTheIdsOfTheBody() throws IOException {
        String made = post("/threads/t1/fork", "{\"message\":\"m1\"}");
        assertTrue(made.startsWith("HTTP/1.1 201 "), made);
        assertTrue(made.contains("{\"thread\":{\"thread\":\"made\",\"title\":\"title\""), made);
        String chosen = post("/threads/t1/fork", "{\"message\":\"m1\",\"newThread\":\"t2\"}");
        assertTrue(chosen.contains("{\"thread\":{\"thread\":\"t2\""), chosen);
        String unknown = post("/threads/t9/fork", "{\"message\":\"m1\"}");
        assertTrue(unknown.startsWith("HTTP/1.1 404 "), unknown);
        assertTrue(unknown.contains("\"code\":\"thread-unknown\""), unknown);
    }

    @Test
    void anExportIsAnArchiveToKeep() throws IOException {
        String response;
        try (RawClient client = running.client()) {
            client.send("GET /export HTTP/1.1\r\n" + host() + authorization() + "Connection: close\r\n\r\n");
            response = new String(client.socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        assertTrue(response.contains("Content-Type: application/zip"), response);
        assertTrue(response.contains("Content-Disposition: attachment; filename=\"insula-export.zip\""), response);
        assertTrue(response.contains("archive"), response);
        assertTrue(request("GET /export HTTP/1.1", "").startsWith("HTTP/1.1 401 "));
        assertTrue(request("GET /export?a=b HTTP/1.1", authorization()).startsWith("HTTP/1.1 400 "));
        assertTrue(request("GET /export HTTP/1.1", authorization() + "Origin: https://evil.example\r\n")
                .startsWith("HTTP/1.1 403 "));
    }

    @Test
    void anExportThatIsRefusedOrCannotBeReadIsAProblem() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        ada.onExport = target -> {
            throw new RefusedException(ErrorCode.EXPORT_UNDER_WAY, "There is one.");
        };
        String refused = request("GET /export HTTP/1.1", authorization());
        assertTrue(refused.startsWith("HTTP/1.1 429 "), refused);
        assertTrue(refused.contains("\"code\":\"export-under-way\""), refused);
        ada.onExport = target -> {
            throw new IOException("secret path");
        };
        String unreadable = request("GET /export HTTP/1.1", authorization());
        assertTrue(unreadable.startsWith("HTTP/1.1 500 "), unreadable);
        assertTrue(!unreadable.contains("secret"), unreadable);
    }

    @Test
    void anExportThatBreaksOffIsCutSoThatNobodyTakesItForWhole() throws IOException {
        running.directory.user("ada").onExport = target -> {
            target.write(new byte[100_000]);
            throw new IOException("on purpose");
        };
        try (RawClient client = running.client()) {
            client.send("GET /export HTTP/1.1\r\n" + host() + authorization() + "\r\n");
            byte[] all = client.socket.getInputStream().readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            assertTrue(text.startsWith("HTTP/1.1 200 "), text.substring(0, 100));
            assertTrue(text.contains("Transfer-Encoding: chunked"), text.substring(0, 500));
            assertTrue(!text.endsWith("0\r\n\r\n"), "it looks whole");
        }
    }

    @Test
    void anExportEndsWithItsEngineHoweverSlowlyItIsTaken() throws IOException {
        var begun = new java.util.concurrent.CountDownLatch(1);
        running.directory.user("ada").onExport = target -> {
            while (true) {
                begun.countDown();
                target.write(new byte[100_000]);
            }
        };
        try (RawClient client = running.client()) {
            client.send("GET /export HTTP/1.1\r\n" + host() + authorization() + "\r\n");
            Await.until("it has begun", () -> begun.getCount() == 0);
            running.directory.endAll(ErrorCode.ERASED);
            running.awaitEmpty();
        }
    }

    @Test
    void everythingIsErasedByWhoSaysSo() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        for (String body : List.of("", "{}", "{\"erase\":true}", "{\"erase\":\"my data\"}",
                "{\"erase\":\"all my data\",\"x\":1}")) {
            assertTrue(post("/erase", body).startsWith("HTTP/1.1 400 "), body);
        }
        assertTrue(request("GET /erase HTTP/1.1", authorization()).startsWith("HTTP/1.1 404 "));
        assertTrue(!ada.calls.contains("erase"));

        String erased = post("/erase", "{\"erase\":\"all my data\"}");
        assertTrue(erased.startsWith("HTTP/1.1 200 "), erased);
        assertTrue(erased.endsWith("{\"erased\":true}"), erased);
        assertTrue(ada.calls.contains("erase"));
    }

    @Test
    void anUploadEndsWithItsEngine() throws IOException {
        try (RawClient client = running.client()) {
            client.send("POST /attachments HTTP/1.1\r\n" + host() + authorization()
                    + "X-Insula-Name: x\r\nContent-Type: text/csv\r\nContent-Length: 10\r\n\r\n12345");
            Await.until("it is under way", () -> running.directory.leases.get() == 1);
            running.directory.endAll(ErrorCode.ERASED);
            running.awaitEmpty();
        }
        assertEquals(List.of(), running.directory.user("ada").files);
    }

    @Test
    void aBodyThatIsNotWhatIsWantedIsAProblem() throws IOException {
        for (String body : List.of(
                "", "[]", "{", "{}", "{\"message\":1}", "{\"message\":\"m\",\"x\":1}",
                "{\"message\":\"m\",\"id\":\"1\"}",
                "{\"message\":\"m\",\"message\":\"n\"}", "{\"message\":\"m\",\"newThread\":\"a b\"}", "\u00ff")) {
            String response = post("/threads/t1/fork", body);
            assertTrue(response.startsWith("HTTP/1.1 400 "), body + response);
            assertTrue(response.contains("application/problem+json"), response);
        }
        assertTrue(post("/threads/t%21/fork", "{\"message\":\"m\"}").startsWith("HTTP/1.1 400 "));
        assertTrue(post("/threads//fork", "{\"message\":\"m\"}").matches("(?s)HTTP/1.1 40[04] .*"));
        String large = "{\"message\":\"" + "m".repeat(RequestBody.MAX_BYTES - 14) + "\"}";
        assertEquals(RequestBody.MAX_BYTES, large.length());
        assertTrue(post("/threads/t1/fork", large).startsWith("HTTP/1.1 201 "));
        assertTrue(post("/threads/t1/fork", large + " ").startsWith("HTTP/1.1 413 "));
        assertTrue(request("POST /threads/t1/fork HTTP/1.1", "Content-Length: 0\r\n").startsWith("HTTP/1.1 401 "));
    }

    private String post(String path, String body) throws IOException {
        try (RawClient client = running.client()) {
            client.send("POST " + path + " HTTP/1.1\r\n" + host() + authorization() + "Content-Length: "
                    + body.length() + "\r\n\r\n" + body);
            return client.readResponse();
        }
    }

    @Test
    void aUserHasTwoUploadsAtOnceAndAnAbandonedOneGivesItsPlaceBack() throws IOException {
        String begin = "POST /attachments HTTP/1.1\r\n" + host() + authorization()
                + "X-Insula-Name: x\r\nContent-Type: text/csv\r\nContent-Length: 10\r\n\r\n12345";
        RawClient first = running.client().send(begin);
        RawClient second = running.client().send(begin);
        Await.until("two are under way", () -> running.directory.leases.get() == 2);
        assertTrue(upload("x", "text/csv", new byte[1]).startsWith("HTTP/1.1 429 "));
        first.close();
        Await.until("one was given up", () -> running.directory.leases.get() == 1);
        assertTrue(upload("x", "text/csv", new byte[1]).startsWith("HTTP/1.1 201 "));
        second.send("67890");
        assertTrue(second.readResponse().startsWith("HTTP/1.1 201 "));
        second.close();
    }

    private String upload(String name, String mediaType, byte[] content) throws IOException {
        try (RawClient client = running.client()) {
            client.send("POST /attachments HTTP/1.1\r\n" + host() + authorization() + "X-Insula-Name: " + name
                    + "\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + content.length + "\r\n\r\n"
                    + new String(content, StandardCharsets.ISO_8859_1));
            return client.readResponse();
        }
    }

    private String request(String line, String headers) throws IOException {
        try (RawClient client = running.client()) {
            client.send(line + "\r\n" + host() + headers + "\r\n");
            return client.readResponse();
        }
    }

    private String host() {
        return "Host: localhost:" + running.address.getPort() + "\r\n";
    }

    private String authorization() {
        return "Authorization: Bearer " + running.tokens.of("ada") + "\r\n";
    }
}
