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
     * again, and what failed with the same before fails again, without running its code, unless it took too long only.
     */
    PluginVersion start(PluginCandidate candidate, List<PluginVersion> needs) throws PluginProblem {
        for (var version : made) {
            if (version.parts().candidate() == candidate && version.parts().dependencies().equals(needs)) {
                return version;
            }
        }
        var before = candidate.failureWith(needs, limits.swap().startAttempts());
        if (before.isPresent()) {
            throw before.get();
        }
        var most = limits.swap().finishingVersions();
        if (old.count(candidate.id()) >= most) {
            throw PluginProblem.waiting("There are " + most + " older versions of it that are not gone yet, the limit:"
                    + " runs of them are under way, or their code does not return. It is loaded when one is gone.");
        }
        var returned = new CompletableFuture<Boolean>();
        try {
            var version = startAnew(candidate, needs, returned);
            made.add(version);
            return version;
        } catch (PluginProblem problem) {
            candidate.failed(needs, problem, returned);
            if (problem.tookTooLong()) {
                countUntil(returned, candidate.id());
            }
            throw problem;
        }
    }

    private PluginVersion startAnew(PluginCandidate candidate, List<PluginVersion> needs,
            CompletableFuture<Boolean> returned) throws PluginProblem {
        var start = new PluginStart(candidate, needs, limits, end);
        candidate.staged().hold(); // by the version to be made
        return supervised.run(candidate.id(), () -> {
            try {
                return start.run();
            } finally {
                returned.complete(true);
            }
        }, PluginVersion::release);
    }

    /** Code that does not return holds its classes, so it counts like a version; when it has, it may be tried again. */
    private void countUntil(CompletableFuture<Boolean> returned, String plugin) {
        var givenUp = new OldVersions.GivenUpStart(plugin);
        old.add(givenUp);
        var _ = returned.thenRun(() -> old.remove(givenUp));
    }

    /** Lets go of all that was made but for these. */
    void keep(Collection<PluginVersion> used) {
        made.stream().filter(version -> !used.contains(version)).forEach(PluginVersion::release);
        made.clear();
    }
}
