package io.insula.plugin.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * By what a file is known to be the same as before without reading it.
 *
 * @param bytes its size
 * @param modified when it was written to last
 * @param key what the file system knows it by, so that another file moved to its place is noticed also with the same
 *     size and time; empty where there is no such thing
 */
record FileStamp(long bytes, FileTime modified, String key) {

    /** The stamp as it is now; empty if there is no such file. A link is not followed. */
    static Optional<FileStamp> of(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            var key = attributes.fileKey();
            return Optional.of(new FileStamp(attributes.size(), attributes.lastModifiedTime(),
                    key == null ? "" : key.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
