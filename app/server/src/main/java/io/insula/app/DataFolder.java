package io.insula.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The folder of everything that Insula keeps. Only its owner can look into it, and one process at a time serves from
 * it.
 */
final class DataFolder {
    private static final String FOLDER_RIGHTS = "rwx------";
    private static final String FILE_RIGHTS = "rw-------";
    private static final String LOCK_FILE = "insula.lock";
    private static final int LONGEST_HOLDER = 512;
    private static final String OTHERWISE = " Name another with INSULA_DATA_DIR or --data-dir.";

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /** A hold on the folder by this process. The operating system lets go of it when the process ends, however it does. */
    record Lock(Path folder, FileChannel channel) implements AutoCloseable {
        /** Tells whoever finds the folder held where operators reach this process. */
        void tellAdmin(String url) throws IOException {
            channel.write(ByteBuffer.wrap((url + "\n").getBytes(StandardCharsets.US_ASCII)), channel.size());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Opens the folder, and makes it if it is not there.
     *
     * @throws FailedException if it cannot be made or written, or others may write to it
     */
    static DataFolder open(Path path) throws FailedException {
        try {
            makePrivate(path);
            var rights = Files.getPosixFilePermissions(path);
            if (rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new FailedException(
                        "The data folder " + path + " can be written by others. Make it private: chmod 700 "
                                + path);
            }
            if (!Files.isWritable(path)) {
                throw new FailedException("The data folder " + path + " cannot be written." + OTHERWISE);
            }
            return new DataFolder(path);
        } catch (AccessDeniedException | FileAlreadyExistsException e) {
            throw new FailedException("The data folder " + path + " cannot be made (" + reason(e) + ")." + OTHERWISE,
                    e);
        } catch (IOException e) {
            throw new FailedException("The data folder " + path + " cannot be used (" + reason(e) + ")." + OTHERWISE,
                    e);
        }
    }

    /** The folder itself, where the engine keeps the journal and the attachments. */
    Path path() {
        return path;
    }

    /**
     * Where a library puts its native code to load it; empty. Called by the process that has taken the folder: what
     * another one has left there when it was killed is removed.
     *
     * @throws FailedException if it cannot be made or emptied
     */
    Path nativeCode() throws FailedException {
        var folder = path.resolve("native");
        try {
            makePrivate(folder);
            try (var left = Files.newDirectoryStream(folder)) {
                for (var file : left) {
                    Files.delete(file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new FailedException("The folder " + folder + " cannot be emptied (" + reason(e) + ").", e);
        }
    }

    /** Has the library that the journal is kept with, which reads this once, unpack its native code in this folder. */
    void useNativeCode() throws FailedException {
        System.setProperty("org.sqlite.tmpdir", nativeCode().toString());
    }

    /** Where the plugin host keeps its copies; it makes and empties that folder itself. */
    Path pluginWork() {
        return path.resolve("plugin-work");
    }

    /** The file of the key that signs tokens. */
    Path signingKey() {
        return path.resolve("signing-key.json");
    }

    /** The file of the tokens that were revoked. */
    Path revocations() {
        return path.resolve("revocations");
    }

    /**
     * Takes the folder for this process.
     *
     * @throws FailedException if another process serves from it
     */
    Lock lock(long pid) throws FailedException {
        return switch (hold(pid)) {
            case Holding.Held(Lock lock) -> lock;
            case Holding.ByOther(String process, String admin) -> throw new FailedException(
                    "The data folder " + path + " is in use by another Insula (process " + process
                            + "). Stop that one, or name another folder with INSULA_DATA_DIR or --data-dir.");
        };
    }

    /** Whose the folder is. */
    sealed interface Holding {
        /** This process's, from now on. */
        record Held(Lock lock) implements Holding {}

        /**
         * Another process's.
         *
         * @param process its number, or {@code unknown}
         * @param admin where operators reach it; empty if it has not told
         */
        record ByOther(String process, String admin) implements Holding {}
    }

    /** Takes the folder for this process, unless another one has it. */
    Holding hold(long pid) throws FailedException {
        var file = path.resolve(LOCK_FILE);
        try {
            var channel = openPrivate(file);
            var lock = tryLock(channel);
            if (lock == null) {
                var lines = read(channel);
                channel.close();
                var process = lines.isEmpty() || !lines.getFirst().matches("[0-9]+") ? "unknown" : lines.getFirst();
                return new Holding.ByOther(process, lines.size() < 2 ? "" : lines.get(1));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new Holding.Held(new Lock(path, channel));
        } catch (IOException e) {
            throw new FailedException("The data folder " + path + " cannot be locked (" + reason(e) + ").", e);
        }
    }

    /** Opens a file of this folder for reading and writing, and makes it for its owner alone if it is not there. */
    static FileChannel openPrivate(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_RIGHTS)));
    }

    /** What went wrong, in words; the messages of the file system often are a path alone. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "access denied: " + denied.getFile();
            case FileAlreadyExistsException exists -> "there is a file in the way: " + exists.getFile();
            default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    }

    private static void makePrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER_RIGHTS)));
        }
    }

    @SuppressWarnings("NullAway") // the JDK says with null that another process holds the lock
    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static List<String> read(FileChannel channel) throws IOException {
        var content = ByteBuffer.allocate(LONGEST_HOLDER);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).lines().toList();
    }
}
