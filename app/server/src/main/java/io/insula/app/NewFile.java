package io.insula.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that is there whole or not at all: written under another name beside it, for its owner alone, and given its
 * name when it is whole.
 */
final class NewFile implements AutoCloseable {
    private final Path path;
    private final Path part;
    private final boolean replaces;
    private final FileChannel channel;

    private NewFile(Path path, Path part, boolean replaces, FileChannel channel) {
        this.path = path;
        this.part = part;
        this.replaces = replaces;
        this.channel = channel;
    }

    /**
     * Begins to write.
     *
     * @param replaces whether a file of this name may go
     * @throws FailedException if there is one that may not, or none can be made there
     */
    static NewFile of(String typed, boolean replaces) throws FailedException {
        var shown = "\"" + PrintableText.line(typed, 300) + "\"";
        try {
            var path = Path.of(typed).toAbsolutePath();
            if (Files.isDirectory(path)) {
                throw new FailedException(shown + " is a folder. Name a file.");
            }
            refuseIfThere(path, replaces);
            var part = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
            return new NewFile(path, part, replaces, DataFolder.openPrivate(part));
        } catch (InvalidPathException e) {
            throw new FailedException(shown + " is not a file's path.", e);
        } catch (IOException e) {
            throw new FailedException("The file " + shown + " cannot be made (" + DataFolder.reason(e) + ").", e);
        }
    }

    private static void refuseIfThere(Path path, boolean replaces) throws FailedException {
        if (!replaces && Files.exists(path)) {
            throw new FailedException(
                    "There is a file " + path + " already. Name another, or replace it with --force.");
        }
    }

    Path path() {
        return path;
    }

    /** Where it is written for now. */
    Path part() {
        return part;
    }

    /** Where to write to; not to be closed. */
    OutputStream output() {
        return Channels.newOutputStream(channel);
    }

    long bytes() throws IOException {
        return Files.size(Files.exists(part) ? part : path);
    }

    /** Gives it its name: it is whole, and on the disk. */
    void keep() throws IOException, FailedException {
        channel.force(true);
        refuseIfThere(path, replaces);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Ends it; what was not kept is gone. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
