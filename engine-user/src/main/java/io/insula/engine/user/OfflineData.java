package io.insula.engine.user;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data folder that no process serves from, for an operator to work on. Whoever calls this holds the folder.
 *
 * <p>Every method blocks. Not for several threads at the same time.
 */
public final class OfflineData {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineData.class);

    private final Path folder;

    /** Looks at nothing yet. */
    public OfflineData(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes journal and attachments as one zip, the same as {@code UserExecutionEngine.Directory.backup}.
     *
     * @param target is not closed
     * @throws IOException if there is no journal, or it cannot be read, or the target not be written
     */
    public void backup(Instant now, OutputStream target) throws IOException {
        JournalFile journal = JournalFile.in(folder);
        if (!Files.exists(journal.path())) {
            throw new IOException("there is no journal in " + folder);
        }
        try (JournalReaders readers =
                new JournalReaders(journal,
                        trouble -> LOG.warn("journal cannot be read trouble={}", trouble.words()))) {
            archive(new AttachmentFolder(folder.resolve(EngineModule.ATTACHMENTS)))
                    .write(new JournalBackup(readers)::write, now, target);
        }
    }

    static BackupArchive archive(AttachmentFolder attachments) {
        return new BackupArchive(attachments.folder().resolveSibling("backup-work"), attachments);
    }

    /** Whether there is a journal, or attachments. */
    public boolean isAnythingThere() {
        return RestoredData.isAnythingIn(folder);
    }

    /**
     * Puts what is in a backup into the folder. All users get new epochs. What was there before is kept aside; nothing
     * has changed if this fails while the archive is unpacked and checked.
     *
     * @param name of the folders, inside this one, that are needed: not used before
     * @return where that is which was there before, if anything was
     * @throws DataRefusedException if the archive is no whole backup
     * @throws IOException if it cannot be read, or the folder not be written
     */
    public Optional<Path> restore(Path archive, String name) throws IOException {
        Path work = folder.resolve("restoring-" + name);
        Path aside = folder.resolve("before-restore-" + name);
        boolean anything = isAnythingThere();
        try {
            RestoredData.unpack(archive, work).moveTo(folder, aside);
        } finally {
            delete(work);
        }
        return anything ? Optional.of(aside) : Optional.empty();
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
