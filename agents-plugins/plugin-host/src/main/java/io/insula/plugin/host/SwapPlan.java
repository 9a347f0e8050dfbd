package io.insula.plugin.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds which plugins are to be loaded next, and makes the versions that are not there yet. A replacement that cannot be
 * loaded, or that would break a plugin that needs it, is held back, and then all is tried again with what is running in
 * its place. So either everything that was running goes on in some version, or its file is gone.
 *
 * <p>Made for one look, in its thread. Runs code of plugins, each start for a bounded time.
 */
final class SwapPlan {
    /**
     * What is to be loaded.
     *
     * @param versions by id, each behind those that it needs; those that were not running before are held once
     * @param problems why candidates are not among them, or are not made as they should be
     */
    record Result(SequencedMap<String, PluginVersion> versions, Map<PluginCandidate, PluginProblem> problems) {}

    /** A candidate was held back, so that what was found so far counts for nothing. Only within this class. */
    private static final class HeldBackException extends Exception {
        private static final long serialVersionUID = 1L;

        HeldBackException() {
            super("", null, false, false);
        }
    }

    private final Collection<PluginVersion> running;
    private final PluginWishes wishes;
    private final PluginStarts starts;
    private final Map<PluginCandidate, PluginProblem> problems = new HashMap<>();

    /**
     * Plans nothing yet.
     *
     * @param running the versions that runs are started of now
     * @param folder what the files hold
     * @param starts makes versions
     */
    SwapPlan(Collection<PluginVersion> running, WatchedFolder folder, PluginStarts starts) {
        this.running = running;
        this.wishes = new PluginWishes(running, folder);
        this.starts = starts;
    }

    /** Finds what is to be loaded. */
    Result make() {
        var isMade = false;
        try {
            // Each turn but the last holds back one candidate more.
            while (true) {
                try {
                    var result = new Result(round(), Map.copyOf(problems));
                    starts.keep(result.versions().values());
                    isMade = true;
                    return result;
                } catch (HeldBackException e) {
                    problems.clear();
                }
            }
        } finally {
            if (!isMade) {
                starts.keep(List.of());
            }
        }
    }

    private SequencedMap<String, PluginVersion> round() throws HeldBackException {
        var wanted = wishes.all(problems);
        var order = new DependencyOrder(wanted.values().stream().map(wish -> wish.candidate().description()).toList());
        holdBackCircles(wanted, order);
        var next = new LinkedHashMap<String, PluginVersion>();
        for (var id : order.sorted()) {
            add(wanted, id, next);
        }
        refuseSameNames(wanted, next);
        return next;
    }

    private void holdBackCircles(Map<String, PluginWishes.Wish> wanted, DependencyOrder order)
            throws HeldBackException {
        var turning = new HashMap<PluginCandidate, PluginProblem>();
        for (var wish : wanted.values()) {
            var circle = order.circleOf(wish.id());
            // What runs now is not to blame: there was no circle when it was loaded.
            if (circle != null && !wish.isOfRunning()) {
                turning.put(wish.candidate(),
                        PluginProblem.refused("It needs itself by way of others: " + circle + "."));
            }
        }
        if (!turning.isEmpty()) {
            holdBack(turning);
        }
    }

    private void holdBack(Map<PluginCandidate, PluginProblem> candidates) throws HeldBackException {
        candidates.forEach(wishes::holdBack);
        throw new HeldBackException();
    }

    private void add(Map<String, PluginWishes.Wish> wanted, String id, SequencedMap<String, PluginVersion> next)
            throws HeldBackException {
        var wish = wanted.get(id);
        if (wish == null) {
            throw new IllegalStateException("the order has wishes only");
        }
        try {
            next.put(id, version(wish, next));
        } catch (PluginProblem problem) {
            if (wish.running().isEmpty()) {
                problems.put(wish.candidate(), problem); // those that need it find it missing
                return;
            }
            if (!wish.isOfRunning()) {
                holdBack(Map.of(wish.candidate(), problem));
            }
            stay(wish, wanted, next, problem);
        }
    }

    private PluginVersion version(PluginWishes.Wish wish, Map<String, PluginVersion> next) throws PluginProblem {
        var needs = PluginStart.needs(wish.candidate().description(), next);
        var same = wish.running()
                .filter(version -> wish.isOfRunning() && version.parts().dependencies().equals(needs));
        return same.isPresent() ? same.get() : starts.start(wish.candidate(), needs);
    }

    /** What is running could not be made anew with what it needs: then either that, or it, must go. */
    private void stay(PluginWishes.Wish wish, Map<String, PluginWishes.Wish> wanted,
            SequencedMap<String, PluginVersion> next, PluginProblem problem) throws HeldBackException {
        var version = wish.running().orElseThrow();
        problems.put(wish.candidate(), problem);
        if (next.values().containsAll(version.parts().dependencies())) {
            next.put(wish.id(), version);
            return;
        }
        var replaced = replacementsBelow(wish, wanted);
        if (!replaced.isEmpty()) {
            var breaks = PluginProblem.refused("With it the plugin " + wish.id()
                    + ", which needs it, could not be loaded. " + problem.getMessage());
            holdBack(replaced.stream().collect(Collectors.toMap(candidate -> candidate, candidate -> breaks)));
        }
    }

    /** The candidates, not running, that a plugin would get to see. */
    private static Set<PluginCandidate> replacementsBelow(PluginWishes.Wish wish,
            Map<String, PluginWishes.Wish> wanted) {
        var found = new HashSet<PluginCandidate>();
        var seen = new HashSet<String>();
        var waiting = new ArrayList<>(List.of(wish));
        while (!waiting.isEmpty()) {
            for (var dependency : waiting.removeLast().candidate().description().dependencies()) {
                var below = wanted.get(dependency.getPluginId());
                if (below != null && seen.add(below.id())) {
                    waiting.add(below);
                    if (!below.isOfRunning()) {
                        found.add(below.candidate());
                    }
                }
            }
        }
        return found;
    }

    private void refuseSameNames(Map<String, PluginWishes.Wish> wanted, SequencedMap<String, PluginVersion> next)
            throws HeldBackException {
        var owners = new HashMap<String, PluginVersion>();
        var inOrder = new ArrayList<PluginVersion>();
        // What has a name keeps it: first come those of which only the version changes at most.
        next.values().stream().filter(version -> has(running, version.id())).forEach(inOrder::add);
        next.values().stream().filter(version -> !has(running, version.id())).forEach(inOrder::add);
        for (var version : inOrder) {
            for (var name : version.parts().contents().agents().keySet()) {
                var other = owners.putIfAbsent(name, version);
                if (other != null) {
                    var wish = wanted.get(version.id());
                    var isNewer = wish != null && !wish.isOfRunning();
                    var later = isNewer ? version : other;
                    var earlier = isNewer ? other : version;
                    holdBack(Map.of(later.parts().candidate(), PluginProblem.refused("Its agent \"" + name
                            + "\" has the name of an agent of plugin " + earlier.id() + ". Rename one of them.")));
                }
            }
        }
    }

    private static boolean has(Collection<PluginVersion> versions, String id) {
        return versions.stream().anyMatch(version -> version.id().equals(id));
    }
}
