package io.insula.plugin.host;

import java.nio.file.Path;
import java.util.Optional;

/** One file of the plugins folder as the looks have seen it. Used by the thread that looks. */
final class WatchedFile {
    /** What is known of what a file holds. */
    sealed interface Content {
        /** Nothing: it has not been the same in two looks yet. */
        record Arriving() implements Content {}

        /** A plugin that may be loaded. */
        record Plugin(PluginCandidate candidate) implements Content {}

        /**
         * Nothing that can be loaded.
         *
         * @param description what the plugin says of itself, if that can be read
         * @param problem why not
         */
        record Refused(Optional<PluginDescription> description, PluginProblem problem) implements Content {}
    }

    private final Path path;
    private Optional<FileStamp> seen = Optional.empty();
    private Optional<FileStamp> taken = Optional.empty();
    private Content content = new Content.Arriving();
    private boolean missing;

    WatchedFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Content content() {
        return content;
    }

    /** The plugin that it holds, if it holds one that may be loaded. */
    Optional<PluginCandidate> candidate() {
        return content instanceof Content.Plugin(PluginCandidate candidate) ? Optional.of(candidate) : Optional.empty();
    }

    /** Whether it waits for something else than its own change. */
    boolean isWaiting() {
        return content instanceof Content.Refused refused && refused.problem().state() == PluginState.WAITING;
    }

    /** Whether its content is known as it is now, after it was seen like this. */
    boolean isTaken(FileStamp stamp) {
        return taken.equals(Optional.of(stamp));
    }

    /** It was seen; whether it was the same at the last look. */
    boolean saw(FileStamp stamp) {
        var same = !missing && seen.equals(Optional.of(stamp));
        missing = false;
        seen = Optional.of(stamp);
        return same;
    }

    /** It was not seen; whether that is so for the second time. */
    boolean missed() {
        var again = missing;
        missing = true;
        return again;
    }

    /** What it holds, having been taken when it was like this; what was known before is let go of. */
    void take(FileStamp stamp, Content now) {
        candidate().ifPresent(before -> before.staged().discard());
        taken = Optional.of(stamp);
        content = now;
    }

    /** It is gone. */
    void forget() {
        candidate().ifPresent(before -> before.staged().discard());
    }
}
