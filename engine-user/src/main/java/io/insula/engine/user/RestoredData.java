package io.insula.engine.user;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** What comes out of a backup: unpacked beside the data in use, checked, and only then put in its place. */
final class RestoredData {
    private static final String FOLDER = "rwx------";
    private static final String FILE = "rw-------";
    private static final int COPY_BYTES = 64 << 10;
    private static final int MOST_MANIFEST_BYTES = 64 << 10;
    /** The files of the journal; the last two belong to one that was not closed. */
    private static final List<String> JOURNAL_FILES =
            List.of(JournalFile.NAME, JournalFile.NAME + "-wal", JournalFile.NAME + "-shm");

    private final Path folder;
    private final Path attachments;

    private RestoredData(Path folder) {
        this.folder = folder;
        this.attachments = folder.resolve("attachments");
    }

    /** Whether there is anything in the data folder that a restore would put aside. */
    static boolean isAnythingIn(Path dataFolder) {
        return JOURNAL_FILES.stream().anyMatch(name -> Files.exists(dataFolder.resolve(name)))
                || Files.exists(dataFolder.resolve("attachments"));
    }

    /**
     * Unpacks an archive into a folder that is not there yet, and checks it.
     *
     * @throws DataRefusedException if it is no whole backup, or one of another version
     */
    static RestoredData unpack(Path archive, Path folder) throws IOException {
        Files.createDirectory(folder, only(FOLDER));
        RestoredData restored = new RestoredData(folder);
        Files.createDirectory(restored.attachments, only(FOLDER));
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            restored.unpack(zip);
        } catch (ZipException e) {
            throw new DataRefusedException("The file " + archive + " is no backup, or not whole.", e);
        }
        restored.check();
        return restored;
    }

    private void unpack(ZipFile zip) throws IOException {
        long files = manifest(zip);
        long found = 0;
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            if (entry.getName().equals(BackupArchive.MANIFEST)) {
                continue;
            }
            boolean attachment = BackupArchive.ATTACHMENT_NAME.matcher(entry.getName()).matches();
            // No other name is unpacked: none can lead out of the folder.
            if (!attachment && !entry.getName().equals(JournalFile.NAME)) {
                throw refused("It holds a file that no backup has.");
            }
            Path file = folder.resolve(entry.getName());
            if (attachment) {
                Files.createDirectories(attachments.resolve(home(entry)), only(FOLDER));
            }
            write(zip, entry, file);
            found += attachment ? 1 : 0;
        }
        if (found != files || !Files.exists(folder.resolve(JournalFile.NAME))) {
            throw refused("It is not whole.");
        }
    }

    /** The folder of the user in the name of an attachment. */
    private static String home(ZipEntry entry) {
        return entry.getName().split("/", -1)[1];
    }

    private static long manifest(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(BackupArchive.MANIFEST);
        if (entry == null) {
            throw refused("It has no manifest, and so is not whole.");
        }
        try (InputStream content = zip.getInputStream(entry)) {
            String json = new String(content.readNBytes(MOST_MANIFEST_BYTES), StandardCharsets.UTF_8);
            JsonFields fields = JsonFields.parse(json);
            if (!fields.string("format").equals(BackupArchive.FORMAT_NAME)) {
                throw refused("It is something else.");
            }
            long version = fields.number("version");
            if (version != BackupArchive.FORMAT) {
                throw refused("It is of version " + version + "; this program reads version " + BackupArchive.FORMAT
                        + ".");
            }
            return fields.number("attachments");
        } catch (IllegalArgumentException e) {
            throw new DataRefusedException("The archive cannot be restored. Its manifest cannot be read.", e);
        }
    }

    private static DataRefusedException refused(String why) {
        return new DataRefusedException("The archive cannot be restored. " + why, new IOException(why));
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Files.createFile(file, only(FILE));
        try (InputStream content = zip.getInputStream(entry);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[COPY_BYTES];
            int read = content.read(buffer);
            while (read >= 0) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                read = content.read(buffer);
            }
            channel.force(true);
        }
    }

    /** Asks the storage itself whether the journal is whole, and sees to it that its logs get other epochs. */
    private void check() throws IOException {
        JournalFile journal = new JournalFile(folder.resolve(JournalFile.NAME), List.of());
        try (JournalConnection connection = journal.openAlone()) {
            Optional<String> verdict = connection.first("pragma integrity_check(1)", row -> row.getString(1));
            if (!verdict.equals(Optional.of("ok"))) {
                throw refused("Its journal is damaged.");
            }
            connection.update("update journal set restored = 1");
        } catch (SQLException e) {
            throw new DataRefusedException("The archive cannot be restored. Its journal cannot be read.", e);
        } catch (JournalTroubleException e) {
            throw new DataRefusedException("The archive cannot be restored. " + e.words(), e);
        }
    }

    /**
     * Puts it where it is used, and what is there aside.
     *
     * @param aside not there yet; made if anything is put aside
     */
    void moveTo(Path dataFolder, Path aside) throws IOException {
        if (isAnythingIn(dataFolder)) {
            Files.createDirectory(aside, only(FOLDER));
            for (String name : JOURNAL_FILES) {
                move(dataFolder.resolve(name), aside.resolve(name));
            }
            move(dataFolder.resolve("attachments"), aside.resolve("attachments"));
        }
        move(attachments, dataFolder.resolve("attachments"));
        move(folder.resolve(JournalFile.NAME), dataFolder.resolve(JournalFile.NAME));
        Files.delete(folder);
        try (FileChannel names = FileChannel.open(dataFolder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> only(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
