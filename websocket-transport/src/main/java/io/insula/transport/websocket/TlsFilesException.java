package io.insula.transport.websocket;

import java.io.IOException;

/** The files for TLS cannot be used. Its message tells operators which and why. */
public final class TlsFilesException extends IOException {
    private static final long serialVersionUID = 1L;

    TlsFilesException(String message) {
        super(message);
    }

    TlsFilesException(String message, Throwable cause) {
        super(message, cause);
    }
}
