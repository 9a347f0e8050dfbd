package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files of an earlier process that no journal knows of: uploads that were under way when it was killed, and
 * files of erased users.
 */
final class StrayFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StrayFiles.class);

    private final AttachmentFolder folder;
    private final EventJournal journal;
    private final Instant started;

    /**
     * Removes nothing yet.
     *
     * @param started what was written from then on is left alone: its record may be about to be written
     */
    StrayFiles(AttachmentFolder folder, EventJournal journal, Instant started) {
        this.folder = folder;
        this.journal = journal;
        this.started = started;
    }

    /** Looks through all users' folders once. */
    void remove() {
        try {
            Map<Path, UserId> owners = new HashMap<>();
            journal.attachmentOwners().forEach(user -> owners.put(folder.home(user), user));
            int removed = 0;
            for (Path home : folder.homes()) {
                UserId owner = owners.get(home);
                removed += remove(home, owner == null ? Set.of() : names(owner));
            }
            if (removed > 0) {
                LOG.info("files without a record removed count={}", removed);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next start tries again; until then they take space and nothing else.
            LOG.warn("files without a record could not be removed", e);
        }
    }

    private Set<String> names(UserId owner) {
        Set<String> names = new HashSet<>();
        List<Attachment> attachments = journal.attachments(owner);
        attachments.forEach(attachment -> names.add(AttachmentFolder.fileName(attachment.id())));
        return names;
    }

    private int remove(Path home, Set<String> known) throws IOException {
        int removed = 0;
        for (Path file : AttachmentFolder.list(home)) {
            if (!known.contains(String.valueOf(file.getFileName())) && isOld(file)) {
                Files.deleteIfExists(file);
                removed++;
            }
        }
        return removed;
    }

    private boolean isOld(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(started);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
