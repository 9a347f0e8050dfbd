package io.insula.transport.websocket;

import java.nio.file.Path;

/**
 * The files with which the server proves its name over TLS. Both are PEM, and read again when they change.
 *
 * @param certificate the server's certificate first, then those between it and an authority that clients know
 * @param key the private key of the first certificate, as PKCS #8 ({@code BEGIN PRIVATE KEY}), not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
