package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandsTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private CommandRun command;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer((peer, connection, message) -> { /* nothing is asked over the connection */ });
        command = new CommandRun(folder).with("INSULA_URL", server.url()).with("INSULA_TOKEN", "token");
        file = folder.resolve("mine.zip");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static byte[] archive(String... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(new byte[1_000]);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void answer(String status, byte[] body, int declaredLength) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(("HTTP/1.1 " + status + "\r\nContent-Length: " + declaredLength + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(body);
        server.answer("GET /export", all.toByteArray());
        server.answer("POST /erase", all.toByteArray());
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void exportWritesTheArchiveForItsOwnerAlone() throws IOException {
        var archive = archive("threads.jsonl", "manifest.json");
        answer("200 OK", archive, archive.length);

        assertEquals(ExitCode.DONE, command.run("export", file.toString()), command::errors);

        assertArrayEquals(archive, Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("mine.zip"), files());
        assertEquals("", command.output());
        assertEquals("Bearer token", server.authorizations().getFirst());
    }

    @Test
    void exportReplacesNothingUnlessToldSo() throws IOException {
        var archive = archive("manifest.json");
        answer("200 OK", archive, archive.length);
        Files.writeString(file, "before");

        assertEquals(ExitCode.FAILED, command.run("export", file.toString()));
        assertEquals("before", Files.readString(file));
        assertTrue(command.errors().contains("--force"), command.errors());

        assertEquals(ExitCode.DONE, command.run("export", file.toString(), "--force"));
        assertArrayEquals(archive, Files.readAllBytes(file));
    }

    @Test
    void exportKeepsNothingThatIsNotWhole() throws IOException {
        var archive = archive("threads.jsonl", "manifest.json");
        answer("200 OK", Arrays.copyOf(archive, archive.length / 2), archive.length);
        assertEquals(ExitCode.FAILED, command.run("export", file.toString()));

        var noManifest = archive("threads.jsonl");
        answer("200 OK", noManifest, noManifest.length);
        assertEquals(ExitCode.FAILED, command.run("export", file.toString()));

        answer("200 OK", new byte[10], 10);
        assertEquals(ExitCode.FAILED, command.run("export", file.toString()));

        assertEquals(List.of(), files());
    }

    @Test
    void exportTellsARefusalWithItsCode() throws IOException {
        var problem = "{\"detail\":\"There is one.\",\"code\":\"export-under-way\"}".getBytes(StandardCharsets.UTF_8);
        answer("429 Too Many", problem, problem.length);

        assertEquals(ExitCode.FAILED, command.run("export", file.toString()));
        assertTrue(command.errors().contains("There is one. [export-under-way]"), command.errors());
        assertEquals(List.of(), files());
    }

    @Test
    void eraseIsAskedForByTheNameAndOnlyThenSent() throws IOException {
        var done = "{\"erased\":true}".getBytes(StandardCharsets.UTF_8);
        answer("200 OK", done, done.length);

        assertEquals(ExitCode.FAILED, command.atTerminal().typing("grace\n").run("erase"));
        assertEquals(List.of(), server.bodies());
        assertTrue(command.errors().contains("Nothing was erased."), command.errors());

        assertEquals(ExitCode.DONE, command.typing("ada\n").run("erase"), command::errors);
        assertEquals(List.of("{\"erase\":\"all my data\"}"), server.bodies());
        assertTrue(command.errors().contains("Everything of ada is erased."), command.errors());
    }

    @Test
    void eraseAsksNobodyWhoIsNotThere() throws IOException {
        var done = "{\"erased\":true}".getBytes(StandardCharsets.UTF_8);
        answer("200 OK", done, done.length);

        assertEquals(ExitCode.USAGE, command.run("erase"));
        assertEquals(List.of(), server.bodies());
        assertEquals(ExitCode.DONE, command.run("erase", "--yes"), command::errors);
        assertEquals(1, server.bodies().size());
    }
}
