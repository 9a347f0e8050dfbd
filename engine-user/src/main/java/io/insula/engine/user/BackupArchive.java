package io.insula.engine.user;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Journal and attachments of all users as one zip, written while others write and read. The journal comes first: what
 * it knows of is among the files that follow. The manifest comes last: an archive without it is not whole.
 */
final class BackupArchive {
    /** The version of the archive's form. */
    static final int FORMAT = 1;

    static final String FORMAT_NAME = "insula-backup";
    static final String MANIFEST = "manifest.json";
    static final String ATTACHMENTS = "attachments/";
    /** The only names that a file of an attachment has. */
    static final Pattern ATTACHMENT_NAME = Pattern.compile("attachments/[0-9a-f]{64}/[0-9a-f]{64}");

    private final Path scratchFolder;
    private final AttachmentFolder attachments;

    /**
     * Prepares it.
     *
     * @param scratchFolder holds a copy of the journal while it is written, and nothing otherwise
     */
    BackupArchive(Path scratchFolder, AttachmentFolder attachments) {
        this.scratchFolder = scratchFolder;
        this.attachments = attachments;
    }

    /** Makes a consistent copy of a journal. */
    @FunctionalInterface
    interface JournalCopy {
        void write(Path file) throws IOException;
    }

    /**
     * Writes it. Blocks. One at a time.
     *
     * @param target is not closed
     */
    void write(JournalCopy journal, Instant now, OutputStream target) throws IOException {
        clear();
        Files.createDirectories(
                scratchFolder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Path copy = scratchFolder.resolve(JournalFile.NAME);
            journal.write(copy);
            ZipOutputStream zip = new ZipOutputStream(target, StandardCharsets.UTF_8);
            zip.setLevel(Deflater.BEST_SPEED);
            entry(JournalFile.NAME, copy, zip);
            Files.delete(copy);
            long files = 0;
            for (Path home : attachments.homes()) {
                files += entries(home, zip);
            }
            zip.putNextEntry(new ZipEntry(MANIFEST));
            String manifest = JsonFields.text(JsonFields.object()
                    .put("format", FORMAT_NAME)
                    .put("version", FORMAT)
                    .put("writtenAt", now.toString())
                    .put("attachments", files));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.finish();
            target.flush();
        } finally {
            clear();
        }
    }

    private static long entries(Path home, ZipOutputStream zip) throws IOException {
        long files = 0;
        for (Path file : AttachmentFolder.list(home)) {
            String name = ATTACHMENTS + home.getFileName() + "/" + file.getFileName();
            // What is still coming in has another name, and no record.
            if (ATTACHMENT_NAME.matcher(name).matches() && entry(name, file, zip)) {
                files++;
            }
        }
        return files;
    }

    /** Writes a file; false if it has been erased meanwhile. */
    private static boolean entry(String name, Path file, ZipOutputStream zip) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(name));
            content.transferTo(zip);
            zip.closeEntry();
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Removes what a process left that was killed at it. */
    void clear() throws IOException {
        if (!Files.isDirectory(scratchFolder)) {
            return;
        }
        for (Path file : AttachmentFolder.list(scratchFolder)) {
            Files.deleteIfExists(file);
        }
        Files.delete(scratchFolder);
    }
}
