package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes uploads whose time is over, or whose user was erased, when nobody asks for them. */
final class StaleUploads {
    private final UploadFiles files;
    private final EventJournal journal;
    private final InstantSource clock;

    StaleUploads(UploadFiles files, EventJournal journal, InstantSource clock) {
        this.files = files;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Removes what is stale in a user's folder.
     *
     * @param listed what is in the folder
     * @return the names of files that uploads still need
     */
    Set<String> remove(Path home, List<Path> listed) throws IOException {
        Set<String> needed = new HashSet<>();
        for (UploadNote note : files.all(home, listed)) {
            if (!isStale(note)) {
                needed.addAll(UploadFiles.names(note));
            } else if (!tryRemove(note.user(), note.file().id())) {
                throw new IOException("an upload could not be removed");
            }
        }
        return needed;
    }

    private boolean isStale(UploadNote note) {
        return note.isGone(journal.bounds(note.user()).epoch(), clock.instant()) || isAttachment(note);
    }

    private boolean isAttachment(UploadNote note) {
        return note.isWhole() && journal.attachment(note.user(), note.file().id()).isPresent();
    }

    /** Removes it while nobody else is at work with it, if it is still stale then. */
    private boolean tryRemove(UserId user, AttachmentId id) throws IOException {
        try {
            return files.open(user, open -> open.call(() -> {
                Optional<UploadNote> note = files.find(user, id).filter(this::isStale);
                if (note.isPresent() && isAttachment(note.get())) {
                    files.forget(user, id);
                } else if (note.isPresent()) {
                    open.end(id, new RefusedException(ErrorCode.UPLOAD_UNKNOWN, "The upload has expired."));
                    files.delete(note.get());
                }
                return true;
            }));
        } catch (RefusedException never) {
            throw new IllegalStateException("nothing is refused here", never);
        }
    }
}
