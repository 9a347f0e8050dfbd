package io.insula.plugin.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private, checked copy of a file from the plugins folder. Only it is read from then on, so what was checked is what
 * is loaded, whatever happens to the original. It is deleted when the last who holds it lets go; the maker is the first.
 *
 * <p>Safe for any number of threads.
 */
final class StagedPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(StagedPlugin.class);

    private final Path file;
    private final String sha256;
    private final Path folder;
    private final List<Path> jars;
    private final Runnable deleted;
    private final AtomicInteger holds = new AtomicInteger(1);

    /**
     * Describes a copy.
     *
     * @param file the original
     * @param sha256 the digest of the file, as 64 lower case hexadecimal digits
     * @param folder holds the copy and nothing else
     * @param jars the jars to load: the copy itself, or what a zip held in {@code lib/}
     * @param deleted called when the copy is deleted
     */
    StagedPlugin(Path file, String sha256, Path folder, List<Path> jars, Runnable deleted) {
        this.file = file;
        this.sha256 = sha256;
        this.folder = folder;
        this.jars = List.copyOf(jars);
        this.deleted = deleted;
    }

    Path file() {
        return file;
    }

    String sha256() {
        return sha256;
    }

    List<Path> jars() {
        return jars;
    }

    /** Takes a hold; whoever calls has one, or knows somebody who has. */
    void hold() {
        holds.incrementAndGet();
    }

    /** Gives one hold back. */
    void discard() {
        if (holds.decrementAndGet() > 0) {
            return;
        }
        try {
            FolderTree.delete(folder);
            deleted.run();
        } catch (IOException e) {
            // The next start empties the whole work folder.
            LOG.warn("private copy of a plugin was not removed file={}", file.getFileName(), e);
        }
    }
}
