package io.insula.transport.websocket;

/** Reads keys from outside. Used by one thread at a time; blocks, within bounds. */
interface KeyReader extends AutoCloseable {
    /** The JSON of a JWK set, as far as it is known. */
    byte[] read() throws KeysUnreadableException, InterruptedException;

    @Override
    void close();
}
