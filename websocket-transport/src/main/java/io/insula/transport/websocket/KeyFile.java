package io.insula.transport.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of keys. It is small: reading it is as good as asking whether it has changed, and never mistaken. */
final class KeyFile implements KeyReader {
    private final Path path;
    private final int mostBytes;

    KeyFile(Path path, int mostBytes) {
        this.path = path;
        this.mostBytes = mostBytes;
    }

    @Override
    public byte[] read() throws KeysUnreadableException {
        if (!Files.isRegularFile(path)) {
            // Anything else could keep its reader for ever.
            throw new KeysUnreadableException(KeyTrouble.NO_FILE);
        }
        byte[] content;
        try (InputStream file = Files.newInputStream(path)) {
            content = file.readNBytes(mostBytes + 1);
        } catch (IOException e) {
            throw new KeysUnreadableException(KeyTrouble.NO_FILE);
        }
        if (content.length > mostBytes) {
            throw new KeysUnreadableException(KeyTrouble.TOO_LARGE);
        }
        return content;
    }

    @Override
    public void close() {
        // Nothing stays open between two reads.
    }
}
