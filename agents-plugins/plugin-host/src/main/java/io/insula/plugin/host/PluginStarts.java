package io.insula.plugin.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Makes versions for one plan, each under supervision, and keeps them until it is known which are used. Used by the thread
 * that looks.
 */
final class PluginStarts {
    private final PluginLimits limits;
    private final SupervisedCall supervised;
    private final OldVersions old;
    private final VersionEnd end;
    private final List<PluginVersion> made = new ArrayList<>();

    PluginStarts(PluginLimits limits, SupervisedCall supervised, OldVersions old, VersionEnd end) {
        this.limits = limits;
        this.supervised = supervised;
        this.old = old;
        this.end = end;
    }

    /**
     * A version of the candidate with these versions of what it needs; one that was made before for the same plan is given
     * again, and what failed with the same before fails again, without running its code.
     */
    PluginVersion start(PluginCandidate candidate, List<PluginVersion> needs) throws PluginProblem {
        for (var version : made) {
            if (version.parts().candidate() == candidate && version.parts().dependencies().equals(needs)) {
                return version;
            }
        }
        var before = candidate.failureWith(needs);
        if (before.isPresent()) {
            throw before.get();
        }
        var most = limits.swap().finishingVersions();
        if (old.count(candidate.id()) >= most) {
            throw PluginProblem.waiting("There are " + most + " older versions of it that are not gone yet, the limit:"
                    + " runs of them are under way, or their code does not return. It is loaded when one is gone.");
        }
        try {
            var version = startAnew(candidate, needs);
            made.add(version);
            return version;
        } catch (PluginProblem problem) {
            candidate.failed(needs, problem);
            throw problem;
        }
    }

    private PluginVersion startAnew(PluginCandidate candidate, List<PluginVersion> needs) throws PluginProblem {
        var left = new CompletableFuture<Boolean>();
        var start = new PluginStart(candidate, needs, limits, end);
        candidate.staged().hold(); // by the version to be made
        try {
            return supervised.run(candidate.id(), () -> {
                try {
                    return start.run();
                } finally {
                    left.complete(true);
                }
            }, PluginVersion::release);
        } finally {
            if (!left.isDone()) {
                countUntil(left, candidate.id());
            }
        }
    }

    /** Code that does not return holds its classes, so it counts like a version. */
    private void countUntil(CompletableFuture<Boolean> left, String plugin) {
        var givenUp = new OldVersions.GivenUpStart(plugin);
        old.add(givenUp);
        var _ = left.thenRun(() -> old.remove(givenUp));
    }

    /** Lets go of all that was made but for these. */
    void keep(Collection<PluginVersion> used) {
        made.stream().filter(version -> !used.contains(version)).forEach(PluginVersion::release);
        made.clear();
    }
}
