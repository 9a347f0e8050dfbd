package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file system of its own in memory, of a few megabytes, that can be filled or made read-only. Tests that may not mount
 * one are skipped.
 */
final class SmallDisk implements AutoCloseable {
    private static final int MIB = 1 << 20;

    private final Path path;
    private final Path work;

    private SmallDisk(Path path, Path work) {
        this.path = path;
        this.work = work;
    }

    /** Mounts it on a new folder in this one. */
    static SmallDisk in(Path folder, int mebibytes) throws IOException, InterruptedException {
        var path = Files.createDirectories(folder.resolve("small-disk"));
        var mounted = CommandRun.of(List.of("mount", "-t", "tmpfs", "-o", "mode=700,size=" + mebibytes + "m", "tmpfs",
                path.toString()), Map.of(), folder);
        assumeTrue(mounted.status() == 0, () -> "no small file system may be mounted: " + mounted.output());
        return new SmallDisk(path, folder);
    }

    Path path() {
        return path;
    }

    /** Takes all the room that is left. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            for (long written = 0; written < 1_024L * MIB; written += block.length) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(path).getUsableSpace() > 0) {
                throw full;
            }
        }
        assertEquals(0, Files.getFileStore(path).getUsableSpace());
    }

    void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return path.resolve("filler");
    }

    void makeReadOnly() throws IOException, InterruptedException {
        var mounted = CommandRun.of(List.of("mount", "-o", "remount,ro", path.toString()), Map.of(), work);
        assertEquals(0, mounted.status(), mounted::output);
    }

    @Override
    public void close() throws IOException {
        try {
            var unmounted = CommandRun.of(List.of("umount", path.toString()), Map.of(), work);
            assertEquals(0, unmounted.status(), unmounted::output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + path, e);
        }
    }
}
