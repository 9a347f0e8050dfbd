package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginVerifyCommandTest {
    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void newCommand() {
        command = new CommandRun(folder).with("INSULA_DATA_DIR", folder.resolve("data").toString());
    }

    private Path jar(String manifest) throws IOException {
        var file = folder.resolve("some.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(("Manifest-Version: 1.0\n" + manifest).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return file;
    }

    @Test
    void aFileThatBreaksARuleIsRefusedByNameOfTheRule() throws IOException {
        var file = jar("Plugin-Id: some\nPlugin-Version: 1.0.0\nPlugin-Capabilities: process\n");

        assertEquals(ExitCode.FAILED, command.run("plugin", "verify", file.toString()));

        assertTrue(command.output().contains("some.jar (some 1.0.0) is refused:"), command.output());
        assertTrue(command.output().contains("[capabilities] "), command.output());
        assertTrue(command.output().contains("plugins.grants=some:"), command.output());
        assertEquals("", command.errors());
    }

    @Test
    void theSameIsThereAsJson() throws IOException {
        var file = jar("Plugin-Id: some\nPlugin-Version: 1.0.0\n");

        assertEquals(ExitCode.FAILED, command.run("plugin", "verify", "--json", file.toString()));

        var json = Json.object(command.output());
        assertEquals("some", json.path("id").asString());
        assertEquals(64, json.path("sha256").asString().length());
        assertEquals("required-modules", json.path("findings").path(0).path("rule").asString());
        assertEquals(false, json.path("accepted").asBoolean(true));
    }

    @Test
    void whatIsNoArchiveIsAVerdictToo() throws IOException {
        var file = Files.writeString(folder.resolve("some.zip"), "garbage");

        assertEquals(ExitCode.FAILED, command.run("plugin", "verify", file.toString()));

        assertTrue(command.output().contains("[archive] "), command.output());
    }

    @Test
    void aFileThatIsNotThereIsOneClearLine() {
        assertEquals(ExitCode.FAILED, command.run("plugin", "verify", "nowhere.jar"));
        assertEquals("insula: There is no file nowhere.jar.\n", command.errors());
    }

    @Test
    void aGrantThatIsNoneIsAWrongConfiguration() {
        assertEquals(ExitCode.USAGE, command.run("plugin", "verify", "x.jar", "--set", "plugins.grants=some:files"));
        assertTrue(command.errors().contains("plugins.grants"), command.errors());
        assertTrue(command.errors().contains("my-plugin:SHA256:network-client+files"), command.errors());
    }
}
