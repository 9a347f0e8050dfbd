package io.insula.engine.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short stand-in for texts that are only compared. Used by one thread at a time. */
final class Digest {
    /** Enough that nobody finds two texts of one digest, which would only play a run of the same user falsely. */
    private static final int BYTES = 16;

    private final MessageDigest digest;

    Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds a part of a text; what counts is the text, not where the parts begin. */
    void add(String part) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of what was added, which begins anew. */
    String take() {
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** The digest of several texts, in which it counts where each begins. */
    static String of(String... texts) {
        Digest all = new Digest();
        for (String text : texts) {
            all.add(text.length() + ":");
            all.add(text);
        }
        return all.take();
    }
}
