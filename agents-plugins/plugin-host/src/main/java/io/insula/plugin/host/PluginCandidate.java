package io.insula.plugin.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * A plugin that may be loaded: copied, described and let in by the gate. Each version is made of one, and several may be
 * made of the same when plugins that it needs are replaced.
 *
 * <p>Known by what it is, not by what it says: the same file taken twice is two. Used by the thread that looks.
 */
final class PluginCandidate {
    /**
     * A start that came to nothing.
     *
     * @param needs the versions of other plugins that it was tried with
     * @param problem why
     * @param returned done as soon as the plugin's code has returned
     */
    private record Failure(List<Object> needs, PluginProblem problem, Future<?> returned) {}

    private final StagedPlugin staged;
    private final PluginDescription description;
    private Optional<Failure> failure = Optional.empty();
    private int longStarts;

    /** Takes over a hold on the copy. */
    PluginCandidate(StagedPlugin staged, PluginDescription description) {
        this.staged = staged;
        this.description = description;
    }

    StagedPlugin staged() {
        return staged;
    }

    PluginDescription description() {
        return description;
    }

    String id() {
        return description.id();
    }

    Path file() {
        return staged.file();
    }

    /**
     * Why it could not be loaded with these versions of other plugins when it was tried last, unless it should be tried
     * again: a machine that was busy for a moment must not keep a plugin away for good.
     *
     * @param attempts how often a start is tried that takes too long
     */
    Optional<PluginProblem> failureWith(List<PluginVersion> needs, int attempts) {
        return failure.filter(last -> last.needs().equals(keys(needs)) && !isWorthAnother(last, attempts))
                .map(Failure::problem);
    }

    private boolean isWorthAnother(Failure last, int attempts) {
        return last.problem().tookTooLong() && last.returned().isDone() && longStarts < attempts;
    }

    /**
     * Remembers that it could not be loaded, so that its code does not run again for nothing.
     *
     * @param returned done as soon as its code has returned
     */
    void failed(List<PluginVersion> needs, PluginProblem problem, Future<?> returned) {
        if (problem.tookTooLong()) {
            longStarts++;
        }
        failure = Optional.of(new Failure(keys(needs), problem, returned));
    }

    private static List<Object> keys(List<PluginVersion> versions) {
        return versions.stream().map(PluginVersion::key).toList();
    }
}
