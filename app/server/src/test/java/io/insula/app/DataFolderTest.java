package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void aNewFolderBelongsToItsOwnerAlone() throws Exception {
        var path = folder.resolve("a").resolve("b");

        var nativeCode = DataFolder.open(path).nativeCode();

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(nativeCode)));
    }

    @Test
    void whatAKilledProcessLeftOfNativeCodeIsRemoved() throws Exception {
        var data = DataFolder.open(folder);
        Files.writeString(data.nativeCode().resolve("library.so"), "left");
        try (var files = Files.list(data.nativeCode())) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aFolderThatOthersMayWriteIsRefused() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));

        var refusal = assertThrows(FailedException.class, () -> DataFolder.open(folder));

        assertTrue(String.valueOf(refusal.getMessage()).endsWith("chmod 700 " + folder));
    }

    @Test
    void aFileInTheWayIsToldInOneLine() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        var refusal = assertThrows(FailedException.class, () -> DataFolder.open(file));

        assertEquals(1, String.valueOf(refusal.getMessage()).lines().count());
    }

    @Test
    void aSecondHolderIsRefusedAndToldWhoHoldsIt() throws Exception {
        var data = DataFolder.open(folder.resolve("data"));
        try (var held = data.lock(4711)) {
            assertTrue(held != null);
            var refusal = assertThrows(FailedException.class, () -> data.lock(4712));

            assertTrue(String.valueOf(refusal.getMessage()).contains("(process 4711)"), refusal.getMessage());
        }
    }

    @Test
    void theFolderIsFreeAgainAfterItsHolder() throws Exception {
        var data = DataFolder.open(folder.resolve("data"));
        data.lock(4711).close();

        data.lock(4712).close();
    }
}
