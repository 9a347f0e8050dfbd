package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files that nobody will ask for: those of an earlier process that no journal knows of (it was killed while they
 * came, or their users were erased), and uploads in pieces whose time is over while their user is away.
 */
final class StrayFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StrayFiles.class);
    /** The times of files go in steps of a few milliseconds: what is written now may be of a moment before. */
    private static final Duration CLOCK_STEP = Duration.ofMillis(100);

    private final AttachmentFolder folder;
    private final EventJournal journal;
    private final Instant started;
    private final StaleUploads uploads;

    /**
     * Removes nothing yet.
     *
     * @param clock tells which uploads are over; what was written from now on is left alone otherwise: its record may be
     *     about to be written
     */
    StrayFiles(AttachmentFolder folder, EventJournal journal, InstantSource clock) {
        this.folder = folder;
        this.journal = journal;
        this.started = clock.instant().minus(CLOCK_STEP);
        this.uploads = new StaleUploads(folder.uploads(), journal, clock);
    }

    /**
     * Looks through all users' folders, and then for uploads again and again.
     *
     * @param threads makes the threads that look
     * @param pause from one look to the next
     */
    void lookAfter(ThreadFactory threads, Alarms alarms, Duration pause) {
        threads.newThread(this::remove).start();
        lookAgain(threads, alarms, pause);
    }

    private void lookAgain(ThreadFactory threads, Alarms alarms, Duration pause) {
        alarms.after(pause, () -> {
            threads.newThread(this::removeUploads).start();
            lookAgain(threads, alarms, pause);
        });
    }

    /** Looks through all users' folders once. */
    void remove() {
        try {
            Map<Path, UserId> owners = owners();
            int removed = 0;
            for (Path home : folder.homes()) {
                List<Path> files = AttachmentFolder.list(home);
                Set<String> needed = uploads.remove(home, files);
                List<Path> old = files.stream().filter(file -> !needed.contains(name(file)) && isOld(file)).toList();
                if (!old.isEmpty() && !owners.containsKey(home)) {
                    // What was an upload before may have become the user's first attachment.
                    owners = owners();
                }
                removed += remove(old, owners.get(home));
            }
            if (removed > 0) {
                LOG.info("files without a record removed count={}", removed);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next start tries again; until then they take space and nothing else.
            LOG.warn("files without a record could not be removed", e);
        }
    }

    /** Looks for uploads whose time is over. */
    void removeUploads() {
        try {
            for (Path home : folder.homes()) {
                removeUploads(home);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("uploads could not be looked through", e);
        }
    }

    private void removeUploads(Path home) {
        try {
            Set<String> needed = uploads.remove(home, AttachmentFolder.list(home));
            LOG.trace("uploads looked through files={}", needed.size());
        } catch (NoSuchFileException erased) {
            LOG.trace("uploads of an erased user are not looked through");
        } catch (IOException | UncheckedIOException e) {
            // The next look tries again, and others' uploads are looked through all the same.
            LOG.warn("uploads of a user could not be looked through", e);
        }
    }

    private Map<Path, UserId> owners() {
        Map<Path, UserId> owners = new HashMap<>();
        journal.attachmentOwners().forEach(user -> owners.put(folder.home(user), user));
        return owners;
    }

    private Set<String> names(UserId owner) {
        Set<String> names = new HashSet<>();
        List<Attachment> attachments = journal.attachments(owner);
        attachments.forEach(attachment -> names.add(AttachmentFolder.fileName(attachment.id())));
        return names;
    }

    /** Removes what is no attachment of the user's; an attachment that was no upload any more is known by now. */
    private int remove(List<Path> files, @Nullable UserId owner) throws IOException {
        Set<String> known = owner == null || files.isEmpty() ? Set.of() : names(owner);
        int removed = 0;
        for (Path file : files) {
            if (!known.contains(name(file))) {
                Files.deleteIfExists(file);
                removed++;
            }
        }
        return removed;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private boolean isOld(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(started);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
