package io.insula.engine.user;

/** What this process has on its heap. */
final class Heap {
    private static final int COLLECTIONS = 5;

    private Heap() {}

    /** What is left after the collector has run several times, in bytes. */
    static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
