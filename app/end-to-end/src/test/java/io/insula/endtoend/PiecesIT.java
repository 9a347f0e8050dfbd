package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large file comes in pieces, whatever becomes of the network and of the server between them. */
class PiecesIT {
    private static final int BYTES = 3_000_000;
    private static final int SENT_BEFORE_THE_CUT = 1_200_000;

    @TempDir
    private Path folder;

    @Test
    void aFileIsWholeOverACutConnectionAndAKilledServer() throws Exception {
        byte[] file = new byte[BYTES];
        new Random(1).nextBytes(file);
        var installation = Installation.withScenarios(folder);
        URI upload;
        long offset;
        try (var app = PackagedApp.start(installation)) {
            String token = app.token("ada");
            var begun = send(request(app.http("/uploads"), token)
                    .header("Upload-Length", Integer.toString(BYTES))
                    .header("Upload-Metadata", "filename "
                            + Base64.getEncoder().encodeToString("large.bin".getBytes(StandardCharsets.UTF_8)))
                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertEquals(201, begun.statusCode());
            upload = app.http(begun.headers().firstValue("Location").orElseThrow());

            sendAndCut(upload, token, file);
            offset = offset(upload, token);
            assertEquals(SENT_BEFORE_THE_CUT, offset);

            int half = (int) offset + 500_000;
            offset = next(piece(upload, token, offset, Arrays.copyOfRange(file, (int) offset, half)));
            assertEquals(half, offset);
            app.kill();
        }
        try (var app = PackagedApp.start(installation)) {
            String token = app.token("ada");
            URI again = app.http(upload.getPath());
            assertEquals(offset, offset(again, token), "what was acknowledged is safe");
            assertEquals(409, piece(again, token, offset - 1, new byte[1]).statusCode());
            assertEquals(BYTES, next(piece(again, token, offset, Arrays.copyOfRange(file, (int) offset, BYTES))));

            assertEquals(BYTES, offset(again, token), "it is told once more to who did not hear it");
            String id = upload.getPath().substring("/uploads/".length());
            try (var ada = app.user("ada")) {
                ada.succeed(Runs.with(ada.run("echo", "marker=with-file", "t"), "attachments", id));
            }
            assertArrayEquals(file, exported(app, token, id));
            assertEquals(404, send(request(again, token).DELETE()).statusCode(), "it is whole");
        }
    }

    /** Sends less than it says, and is gone. */
    private static void sendAndCut(URI upload, String token, byte[] file) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), upload.getPort())) {
            socket.getOutputStream().write(("PATCH " + upload.getPath() + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + upload.getPort() + "\r\nAuthorization: Bearer " + token + "\r\nTus-Resumable: 1.0.0\r\n"
                    + "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: " + BYTES
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(file, 0, SENT_BEFORE_THE_CUT);
            socket.getOutputStream().flush();
            Eventually.await("a part that is safe", () -> isSafe(upload, token, 1), () -> "nothing");
        }
        // What was under way in the network still comes.
        Eventually.await("all that was sent", () -> isSafe(upload, token, SENT_BEFORE_THE_CUT), () -> "less");
    }

    private static boolean isSafe(URI upload, String token, long bytes) {
        try {
            return offset(upload, token) >= bytes;
        } catch (Exception e) {
            throw new AssertionError("it is not told how far the upload is", e);
        }
    }

    private static long offset(URI upload, String token) throws Exception {
        var so = send(request(upload, token).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, so.statusCode());
        return so.headers().firstValueAsLong("Upload-Offset").orElseThrow();
    }

    private static HttpResponse<byte[]> piece(URI upload, String token, long offset, byte[] bytes) throws Exception {
        return send(request(upload, token).header("Upload-Offset", Long.toString(offset))
                .header("Content-Type", "application/offset+octet-stream")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    private static long next(HttpResponse<byte[]> answer) {
        assertEquals(204, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
        return answer.headers().firstValueAsLong("Upload-Offset").orElseThrow();
    }

    private static byte[] exported(PackagedApp app, String token, String id) throws Exception {
        var archive = send(request(app.http("/export"), token));
        assertEquals(200, archive.statusCode());
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().contains(id)) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new AssertionError("the export does not hold " + id);
    }

    private static HttpRequest.Builder request(URI address, String token) {
        return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token)
                .header("Tus-Resumable", "1.0.0").timeout(Moment.DEADLINE);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
