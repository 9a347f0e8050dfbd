package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenRevokeCommandTest {
    @TempDir
    Path folder;

    private Path revocations;

    @BeforeEach
    void makeFolder() {
        revocations = folder.resolve("data").resolve("revocations");
    }

    private CommandRun command() {
        return new CommandRun(folder).with("INSULA_DATA_DIR", folder.resolve("data").toString());
    }

    private String token(String name) {
        var command = command();
        assertEquals(ExitCode.DONE, command.run("token", name));
        return command.output().strip();
    }

    private long lines() throws IOException {
        return Files.exists(revocations) ? Files.readAllLines(revocations).size() : 0;
    }

    @Test
    @Tag("J22")
    void tokensAreRevokedInTheFolder() throws IOException {
        var byToken = command();
        assertEquals(ExitCode.DONE, byToken.run("token", "revoke", token("ada")), byToken::errors);
        assertEquals("The token is revoked.\n", byToken.errors());
        var byId = command();
        assertEquals(ExitCode.DONE, byId.run("token", "revoke", "--id", "1"), byId::errors);
        var ofUser = command();
        assertEquals(ExitCode.DONE, ofUser.run("token", "revoke", "--user", "ada"), ofUser::errors);
        var typed = command().typing(token("bob") + "\n");
        assertEquals(ExitCode.DONE, typed.run("token", "revoke", "-"), typed::errors);

        assertEquals(4, lines());
        assertEquals("", byToken.output() + byId.output() + ofUser.output() + typed.output());
    }

    @Test
    void whatNamesNoTokenRevokesNothing() throws IOException {
        assertEquals(ExitCode.USAGE, command().run("token", "revoke"));
        assertEquals(ExitCode.USAGE, command().run("token", "revoke", "--id", "1", "--user", "ada"));
        assertEquals(ExitCode.USAGE, command().run("token"));
        var command = command();
        assertEquals(ExitCode.FAILED, command.run("token", "revoke", "no-token"));
        assertEquals("insula: Nothing was revoked: What was given is no token.\n", command.errors());
        assertEquals(ExitCode.FAILED, command().run("token", "revoke", "--user", "anonymous"));
        assertEquals(0, lines());
    }

    @Test
    void aDamagedFileOfRevocationsIsRefusedAndNotReplaced() throws IOException {
        assertEquals(ExitCode.DONE, command().run("token", "revoke", "--id", "1"));
        Files.writeString(revocations, "damaged\n");
        var command = command();
        assertEquals(ExitCode.FAILED, command.run("token", "revoke", "--id", "2"));
        assertTrue(command.errors().contains(revocations.toString()), command.errors());
        assertEquals("damaged\n", Files.readString(revocations));
    }

    @Test
    @Tag("J22")
    void theProcessThatServesIsAsked() throws Exception {
        String token = token("ada");
        var data = DataFolder.open(folder.resolve("data"));
        try (var server = new FakeServer((peer, connection, message) -> { /* nothing is asked over a connection */ });
                var held = data.lock(4711)) {
            held.tellAdmin(server.url());
            server.answer(
                    "POST /tokens/revoke",
                    "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"revoked\":true}"
                            .getBytes(StandardCharsets.US_ASCII));
            var command = command();
            assertEquals(ExitCode.DONE, command.run("token", "revoke", token), command::errors);
            assertTrue(server.authorizations().getFirst().startsWith("Bearer eyJ"));
            assertFalse(server.authorizations().getFirst().contains(token));
        }
        assertEquals(0, lines());
    }

    @Test
    void whereKeysAreSomebodyElsesNoTokensAreMade() throws IOException {
        String[] foreign = {
                "--set", "auth.issuer=https://login.example", "--set", "auth.keys.url=https://login.example/keys"};
        for (String[] start : new String[][]{{"token", "ada"}, {"ask", "hello", "x"}, {"chat"},
                {"export", folder.resolve("x.zip").toString()}}) {
            var arguments = new ArrayList<>(List.of(start));
            arguments.addAll(List.of(foreign));
            var command = command();
            assertEquals(ExitCode.FAILED, command.run(arguments.toArray(String[]::new)), command::errors);
            assertEquals(
                    "insula: Insula makes no tokens for users here: they come from https://login.example"
                            + " (auth.keys.url = https://login.example/keys). Get one there, and hand it over in"
                            + " INSULA_TOKEN.\n",
                    command.errors());
        }
        try (var files = Files.list(folder)) {
            assertTrue(files.noneMatch(path -> path.toString().contains("x.zip")));
        }
    }
}
