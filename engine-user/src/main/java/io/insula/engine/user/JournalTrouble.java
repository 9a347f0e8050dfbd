package io.insula.engine.user;

/** Why the journal cannot be written. */
enum JournalTrouble {
    /** There is no space left. */
    DISK_FULL("disk-full"),
    /** The file or its folder may not be written. */
    READ_ONLY("read-only"),
    /** The disk did not say that it holds what was written. */
    SYNC_FAILED("sync-failed"),
    /** The file holds what nobody wrote. */
    CORRUPTED("corrupted"),
    /** The file cannot be read, written or opened. */
    STORAGE_FAILED("storage-failed");

    private final String word;

    JournalTrouble(String word) {
        this.word = word;
    }

    /** The word for operators and clients; it never changes. */
    String word() {
        return word;
    }
}
