package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of uploads that are not attachments yet. Each has two in its user's folder: its bytes, and a note that says
 * how many of them are on the disk. There are bytes wherever there is a note. When all have come, they get the name of an
 * attachment; the note goes when the journal knows of that.
 */
final class UploadFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UploadFiles.class);
    private static final String BYTES = ".pieces";
    private static final String NOTE = ".upload";
    /** What is not this name yet is not whole; nothing but the search for stray files looks for it. */
    private static final String NEW_NOTE = NOTE + ".part";

    private final AttachmentFolder folder;
    private final FreeSpace freeSpace;
    /** Users with whose uploads somebody is at work. */
    private final ConcurrentMap<UserId, OpenUploads> open = new ConcurrentHashMap<>();

    UploadFiles(AttachmentFolder folder, FreeSpace freeSpace) {
        this.folder = folder;
        this.freeSpace = freeSpace;
    }

    /** How many bytes the disk of a folder has room for. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes(Path folder) throws IOException;
    }

    /** Is at work with a user's uploads. */
    @FunctionalInterface
    interface Work<T> {
        T with(OpenUploads uploads) throws RefusedException, IOException;
    }

    /** Does some work with the uploads of a user, beside others who do. */
    <T> T open(UserId user, Work<T> work) throws RefusedException, IOException {
        OpenUploads mine = open.compute(user, (id, there) -> (there == null ? new OpenUploads(this) : there).entered());
        try {
            return work.with(mine);
        } finally {
            open.compute(user, (id, there) -> mine.left() ? null : mine);
        }
    }

    /** Whether nobody is at work with uploads. */
    boolean isIdle() {
        return open.isEmpty();
    }

    long freeBytes(UserId user) throws IOException {
        return freeSpace.bytes(folder.makeHome(user));
    }

    /** Makes the files of an upload, synced, or none of which anybody hears. */
    void create(UploadNote note) throws IOException {
        Path home = folder.makeHome(note.user());
        String name = AttachmentFolder.fileName(note.file().id());
        boolean whole = false;
        try {
            Files.createFile(home.resolve(name + BYTES));
            Path part = home.resolve(name + NEW_NOTE);
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                write(channel, ByteBuffer.wrap(note.encode().getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(part, home.resolve(name + NOTE), StandardCopyOption.ATOMIC_MOVE);
            AttachmentFolder.sync(home);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(home.resolve(name + NOTE));
                Files.deleteIfExists(home.resolve(name + NEW_NOTE));
                Files.deleteIfExists(home.resolve(name + BYTES));
            }
        }
    }

    static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The user's upload of this id, whether its time is over or not. */
    Optional<UploadNote> find(UserId user, AttachmentId id) throws IOException {
        return read(folder.home(user), AttachmentFolder.fileName(id));
    }

    /** All uploads of the user, whether their time is over or not. */
    List<UploadNote> all(UserId user) throws IOException {
        Path home = folder.home(user);
        return Files.isDirectory(home) ? all(home, AttachmentFolder.list(home)) : List.of();
    }

    /** The uploads of which these files of a user's folder tell. */
    List<UploadNote> all(Path home, List<Path> files) throws IOException {
        List<UploadNote> notes = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(NOTE)) {
                read(home, name.substring(0, name.length() - NOTE.length())).ifPresent(notes::add);
            }
        }
        return notes;
    }

    /** The names that an upload has in the user's folder, now or when it is whole. */
    static List<String> names(UploadNote note) {
        String name = AttachmentFolder.fileName(note.file().id());
        return List.of(name, name + BYTES, name + NOTE);
    }

    private Optional<UploadNote> read(Path home, String name) throws IOException {
        try {
            UploadNote note = UploadNote.decode(Files.readString(home.resolve(name + NOTE)));
            boolean itsOwn = folder.home(note.user()).equals(home)
                    && AttachmentFolder.fileName(note.file().id()).equals(name);
            if (itsOwn) {
                return Optional.of(note.with(Math.min(note.received(), size(home, name))));
            }
            LOG.warn("note of an upload is of another place, and passed over");
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException | MalformedInputException unreadable) {
            LOG.warn("note of an upload cannot be read, and is passed over");
        }
        return Optional.empty();
    }

    /** How many bytes there are; where some are lost that were synced, what is left is what has come. */
    private static long size(Path home, String name) throws IOException {
        try {
            return Files.size(home.resolve(name + BYTES));
        } catch (NoSuchFileException moved) {
            Path whole = home.resolve(name);
            return Files.exists(whole) ? Files.size(whole) : 0;
        }
    }

    /** Opens the bytes to write behind those that have come; what is there beside was not synced, and is gone. */
    FileChannel openBytes(UploadNote note) throws IOException {
        FileChannel channel = FileChannel.open(path(note, BYTES), StandardOpenOption.WRITE);
        boolean ready = false;
        try {
            channel.truncate(note.received()).position(note.received());
            ready = true;
            return channel;
        } finally {
            if (!ready) {
                channel.close();
            }
        }
    }

    /** Notes, synced, that so many bytes are on the disk; they are. */
    UploadNote count(UploadNote note, long received) throws IOException {
        try (FileChannel channel = FileChannel.open(path(note, NOTE), StandardOpenOption.WRITE)) {
            write(channel, ByteBuffer.wrap(UploadNote.count(received).getBytes(StandardCharsets.US_ASCII)));
            channel.force(false);
        }
        return note.with(received);
    }

    /** Gives the bytes the name of an attachment, if they do not have it yet. */
    void makeWhole(UploadNote note) throws IOException {
        Path whole = path(note, "");
        if (!Files.exists(whole)) {
            Files.move(path(note, BYTES), whole, StandardCopyOption.ATOMIC_MOVE);
        }
        AttachmentFolder.sync(folder.home(note.user()));
    }

    /** Removes the note of an upload that is an attachment, if it is there. */
    void forget(UserId user, AttachmentId attachment) throws IOException {
        Files.deleteIfExists(folder.home(user).resolve(AttachmentFolder.fileName(attachment) + NOTE));
    }

    /** Removes an upload that is no attachment. */
    void delete(UploadNote note) throws IOException {
        // Last what would be removed at the next start if nothing told of it.
        Files.deleteIfExists(path(note, NOTE));
        Files.deleteIfExists(path(note, BYTES));
    }

    private Path path(UploadNote note, String suffix) {
        return folder.home(note.user()).resolve(AttachmentFolder.fileName(note.file().id()) + suffix);
    }
}
