package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The content of attachments, one folder per user. Folder and file names are made here and never taken from a user, so
 * that no id can lead anywhere else.
 */
final class AttachmentFolder {
    private static final int COPY_BYTES = 64 << 10;
    private static final String OWNER_ONLY = "rwx------";

    private final Path folder;
    private final UploadFiles uploads;

    AttachmentFolder(Path folder) {
        this(folder, home -> Files.getFileStore(home).getUsableSpace());
    }

    AttachmentFolder(Path folder, UploadFiles.FreeSpace freeSpace) {
        this.folder = folder;
        this.uploads = new UploadFiles(this, freeSpace);
    }

    Path folder() {
        return folder;
    }

    /** The files of uploads that are not attachments yet. */
    UploadFiles uploads() {
        return uploads;
    }

    /** Asked for before more is written; refuses by throwing. */
    @FunctionalInterface
    interface Allowance<E extends Exception> {
        void take(int bytes) throws E;
    }

    /** A file that is open for reading. */
    static final class Content extends FilterInputStream {
        private boolean closed;

        Content(InputStream in) {
            super(in);
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }

        boolean isClosed() {
            return closed;
        }
    }

    /** What is to be kept cannot be read; everything else that fails is of the folder. */
    static final class BrokenContentException extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenContentException(IOException cause) {
            super("the content cannot be read", cause);
        }
    }

    /** A file is not there. */
    static final class MissingException extends IOException {
        private static final long serialVersionUID = 1L;

        MissingException(Throwable cause) {
            super("there is no such attachment", cause);
        }
    }

    /**
     * Makes a file of the user to write to and read again. It has no name by which anybody could find it, and its bytes
     * are gone when it is closed, or the process ends.
     *
     * @param name not used for any other file of the user
     */
    FileChannel scratch(UserId user, String name) throws IOException {
        Path file = makeHome(user).resolve(name + ".scratch");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean nameless = false;
        try {
            Files.delete(file);
            nameless = true;
            return channel;
        } finally {
            if (!nameless) {
                channel.close();
            }
        }
    }

    /**
     * Writes a file whole and synced, or not at all.
     *
     * @return its size in bytes
     * @throws BrokenContentException if the content cannot be read
     * @throws IOException if it cannot be written
     */
    <E extends Exception> long write(UserId user, AttachmentId id, InputStream content, Allowance<E> allowance)
            throws IOException, E {
        Path home = makeHome(user);
        Path part = home.resolve(fileName(id) + ".part");
        boolean whole = false;
        try {
            long bytes;
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                bytes = copy(content, out, allowance);
                channel.force(true);
            }
            Files.move(part, home.resolve(fileName(id)), StandardCopyOption.ATOMIC_MOVE);
            sync(home);
            whole = true;
            return bytes;
        } finally {
            if (!whole) {
                Files.deleteIfExists(part);
            }
        }
    }

    /** The folder of the user, which is made if it is not there. */
    Path makeHome(UserId user) throws IOException {
        Path home = home(user);
        if (!Files.isDirectory(home)) {
            Files.createDirectories(home,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            sync(folder);
        }
        return home;
    }

    /** Without this, a file may be whole on the disk and its name be gone after the power was. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static <E extends Exception> long copy(InputStream content, OutputStream out, Allowance<E> allowance)
            throws IOException, E {
        byte[] buffer = new byte[COPY_BYTES];
        long bytes = 0;
        int read = read(content, buffer);
        while (read >= 0) {
            allowance.take(read);
            out.write(buffer, 0, read);
            bytes += read;
            read = read(content, buffer);
        }
        return bytes;
    }

    private static int read(InputStream content, byte[] buffer) throws BrokenContentException {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new BrokenContentException(e);
        }
    }

    void delete(UserId user, AttachmentId id) throws IOException {
        Files.deleteIfExists(home(user).resolve(fileName(id)));
    }

    /** Removes all files of the user. */
    void deleteAll(UserId user) throws IOException {
        Path home = home(user);
        if (Files.isDirectory(home)) {
            for (Path file : list(home)) {
                Files.deleteIfExists(file);
            }
            Files.delete(home);
            sync(folder);
        }
    }

    /** The folders of all users. */
    List<Path> homes() throws IOException {
        return Files.isDirectory(folder) ? list(folder) : List.of();
    }

    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /**
     * Opens a file of the user.
     *
     * @throws MissingException if it is not there
     * @throws IOException if it cannot be read; the message names no path
     */
    Content open(UserId user, AttachmentId id) throws IOException {
        try {
            return new Content(Files.newInputStream(home(user).resolve(fileName(id))));
        } catch (NoSuchFileException e) {
            throw new MissingException(e);
        }
    }

    Path home(UserId user) {
        MessageDigest digest = sha256();
        byte[] issuer = user.issuer().getBytes(StandardCharsets.UTF_8);
        // The length in front keeps two users apart whose parts would join to the same bytes.
        digest.update(HexFormat.of().toHexDigits(issuer.length).getBytes(StandardCharsets.US_ASCII));
        digest.update(issuer);
        digest.update(user.subject().getBytes(StandardCharsets.UTF_8));
        return folder.resolve(HexFormat.of().formatHex(digest.digest()));
    }

    static String fileName(AttachmentId id) {
        return HexFormat.of().formatHex(sha256().digest(id.value().getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
