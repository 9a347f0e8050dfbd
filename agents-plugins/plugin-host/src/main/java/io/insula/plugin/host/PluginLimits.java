package io.insula.plugin.host;

import java.time.Duration;

/**
 * How much a plugin may ask of the platform. What goes beyond a limit is refused, and the refusal names the limit.
 *
 * @param startTime the time a plugin's own code has to load and bind its classes; default 10 s. A plugin that takes
 *     longer is given up and its thread interrupted
 * @param plugins the most files looked at; default 100. Later ones, by name, are refused
 * @param archiveBytes the size of a plugin's file; default 256 MiB
 * @param archiveEntries the entries of the file and of the libraries in it, together; default 50,000
 * @param unpackedBytes the bytes that these unpack to, together; default 1 GiB
 * @param manifestBytes the size of a manifest and of an extension index; default 64 KiB
 * @param agentsPerPlugin the agents of one plugin; default 64
 * @param toolsPerPlugin the tools of one plugin; default 256
 * @param recordComponents the components of one record; default 256, which no Java record exceeds
 * @param recordCharacters the length of a record's JSON text; default 4 Mi characters, above the platform's limit for
 *     results so that the engine can tell a large one from an endless one
 * @param recordDepth the records, lists and maps inside each other; default 32
 * @param swap how plugins are replaced while the platform runs
 */
public record PluginLimits(
        Duration startTime,
        int plugins,
        long archiveBytes,
        int archiveEntries,
        long unpackedBytes,
        int manifestBytes,
        int agentsPerPlugin,
        int toolsPerPlugin,
        int recordComponents,
        int recordCharacters,
        int recordDepth,
        Swap swap) {

    /**
     * How plugins are replaced while the platform runs.
     *
     * @param lookInterval the time between two looks at the folder; default 500 ms. A file is taken, and the absence of
     *     one believed, when two looks in a row saw the same
     * @param stopTime the time that users' resources of a version have to close when its last run has ended; default
     *     10 s. Then the version is unloaded without waiting
     * @param finishingVersions the versions of one plugin that nobody starts runs of any more and that are still held, by
     *     runs or by code that does not return; default 3. The next version waits until one of them is gone
     * @param startAttempts how often a start is tried that takes longer than its time, each time when the code of the one
     *     before has returned; default 3. Then the plugin stays away until its file, or one that it needs, changes
     * @param copiesBytes the private copies of all plugins and versions together; default 4 GiB. A file that would
     *     exceed it waits until others are gone
     */
    public record Swap(Duration lookInterval, Duration stopTime, int finishingVersions, int startAttempts,
            long copiesBytes) {
        /**
         * Checks that everything is above zero.
         *
         * @throws IllegalArgumentException naming the first limit that is not
         */
        public Swap {
            requirePositive(lookInterval, "lookInterval");
            requirePositive(stopTime, "stopTime");
            requirePositive(finishingVersions, "finishingVersions");
            requirePositive(startAttempts, "startAttempts");
            requirePositive(copiesBytes, "copiesBytes");
        }

        /** The limits that hold where nothing else is configured. */
        public static Swap defaults() {
            return new Swap(Duration.ofMillis(500), Duration.ofSeconds(10), 3, 3, 4L << 30);
        }
    }

    /**
     * Checks that everything is above zero.
     *
     * @throws IllegalArgumentException naming the first limit that is not
     */
    public PluginLimits {
        requirePositive(startTime, "startTime");
        requirePositive(plugins, "plugins");
        requirePositive(archiveBytes, "archiveBytes");
        requirePositive(archiveEntries, "archiveEntries");
        requirePositive(unpackedBytes, "unpackedBytes");
        requirePositive(manifestBytes, "manifestBytes");
        requirePositive(agentsPerPlugin, "agentsPerPlugin");
        requirePositive(toolsPerPlugin, "toolsPerPlugin");
        requirePositive(recordComponents, "recordComponents");
        requirePositive(recordCharacters, "recordCharacters");
        requirePositive(recordDepth, "recordDepth");
    }

    /** The limits that hold where nothing else is configured. */
    public static PluginLimits defaults() {
        return new PluginLimits(Duration.ofSeconds(10), 100, 256L << 20, 50_000, 1L << 30, 64 << 10, 64, 256, 256,
                4 << 20, 32, Swap.defaults());
    }

    private static void requirePositive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be longer than zero, is " + value);
        }
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be above zero, is " + value);
        }
    }
}
