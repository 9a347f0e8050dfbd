package io.insula.transport.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of revocations: a line each, appended and forced to the disk. It is written anew by the first that is added,
 * and when most of it is of no use any more. Not safe for several threads.
 */
final class RevocationFile {
    private static final int SPARE_LINES = 1_000;

    private final Path path;
    private @Nullable FileChannel channel;
    private int lines;

    RevocationFile(Path path) {
        this.path = path;
    }

    /** All lines. Of the last one a crash may have left a part, which nobody was told of. */
    List<Revocation> read() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        String text = Files.readString(path, StandardCharsets.US_ASCII);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<Revocation> revocations = new ArrayList<>();
        for (String line : whole.lines().toList()) {
            Optional<Revocation> revocation = Revocation.parse(line);
            if (revocation.isEmpty()) {
                throw new IOException("line " + (revocations.size() + 1) + " is no revocation");
            }
            revocations.add(revocation.get());
        }
        return revocations;
    }

    /**
     * Adds lines.
     *
     * @param kept what the file must hold beside them
     */
    void append(List<Revocation> added, Collection<Revocation> kept) throws IOException {
        FileChannel open = channel;
        if (open == null || lines > 2 * kept.size() + SPARE_LINES) {
            List<Revocation> all = new ArrayList<>(kept);
            all.addAll(added);
            write(all);
            return;
        }
        try {
            put(open, added);
            open.force(false);
        } catch (IOException e) {
            // What of it is in the file is not known: the next one writes it anew.
            close();
            throw e;
        }
    }

    /** Puts a file with these lines in the place of the one that is there, whole or not at all. */
    private void write(Collection<Revocation> all) throws IOException {
        close();
        Path part = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(part);
        lines = 0;
        FileChannel made = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            put(made, all);
            made.force(true);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
        channel = made;
    }

    private void put(FileChannel open, Collection<Revocation> added) throws IOException {
        var text = new StringBuilder();
        added.forEach(revocation -> text.append(revocation.line()).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
        lines += added.size();
    }

    /** Without this the new name may be lost with the power. */
    private void forceFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
