package io.insula.plugin.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private, checked copy of a file from the plugins folder. Only it is read from then on, so what was checked is what
 * is loaded, whatever happens to the original.
 *
 * @param file the original
 * @param sha256 the digest of the file, as 64 lower case hexadecimal digits
 * @param folder holds the copy and nothing else
 * @param jars the jars to load: the copy itself, or what a zip held in {@code lib/}
 */
record StagedPlugin(Path file, String sha256, Path folder, List<Path> jars) {
    private static final Logger LOG = LoggerFactory.getLogger(StagedPlugin.class);

    /** Deletes the copy; does nothing if it is gone already. */
    void discard() {
        try {
            FolderTree.delete(folder);
        } catch (IOException e) {
            // The next start empties the whole work folder.
            LOG.warn("private copy of a plugin was not removed file={}", file.getFileName(), e);
        }
    }
}
