package io.insula.transport.websocket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of TLS. Looks after its files, and takes what is new for the connections that come then; those that
 * are open go on. Files that cannot be used, such as those of which only one has been replaced yet, change nothing.
 * Used by one thread.
 */
final class TlsDoor {
    private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);
    /** The store never leaves this process, but the library wants a word for it. */
    private static final String PASSWORD = "in memory";

    private final TlsFiles files;
    private final SslContextFactory.Server context;
    private List<Mark> marks;

    /** What tells that a file is another one. */
    private record Mark(FileTime changed, long bytes) {}

    TlsDoor(TlsFiles files) {
        this.files = files;
        marks = List.of();
        context = new SslContextFactory.Server();
        context.setKeyStorePassword(PASSWORD);
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        context.setSniRequired(false);
        context.setRenegotiationAllowed(false);
    }

    SslContextFactory.Server context() {
        return context;
    }

    /** Reads the files, before anybody comes. */
    void open() throws TlsFilesException {
        try {
            marks = marks();
        } catch (IOException e) {
            throw new TlsFilesException(files.certificate() + " or " + files.key() + " cannot be read", e);
        }
        context.setKeyStore(TlsIdentity.read(files).asKeyStore(PASSWORD));
    }

    /** Takes the files anew if they have changed. */
    void beat() {
        List<Mark> now;
        try {
            now = marks();
        } catch (IOException e) {
            // In the middle of being replaced.
            return;
        }
        if (now.equals(marks)) {
            return;
        }
        marks = now;
        try {
            var store = TlsIdentity.read(files).asKeyStore(PASSWORD);
            context.reload(same -> same.setKeyStore(store));
            LOG.info("tls_certificate_replaced");
        } catch (TlsFilesException e) {
            LOG.warn("tls_certificate_kept reason=\"{}\"", e.getMessage());
        } catch (Exception e) {
            LOG.warn("tls_certificate_kept failure={}", FailureTrace.of(e));
        }
    }

    private List<Mark> marks() throws IOException {
        return List.of(mark(files.certificate()), mark(files.key()));
    }

    private static Mark mark(Path file) throws IOException {
        return new Mark(Files.getLastModifiedTime(file), Files.size(file));
    }
}
