package io.insula.plugin.host;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Which plugins the files ask for, one candidate per id: what is running has its id for as long as its file is there, and
 * otherwise the first file by name has it. Used by the thread that looks.
 */
final class PluginWishes {
    /**
     * A plugin that is to be loaded.
     *
     * @param candidate what it is to be made of
     * @param running the version that runs are started of now, if its file is still there
     */
    record Wish(PluginCandidate candidate, Optional<PluginVersion> running) {
        String id() {
            return candidate.id();
        }

        /** Whether it asks for no other than what is running. */
        boolean isOfRunning() {
            return running.filter(version -> version.parts().candidate() == candidate).isPresent();
        }
    }

    private final Collection<PluginVersion> running;
    private final WatchedFolder folder;
    private final Map<PluginCandidate, PluginProblem> heldBack = new HashMap<>();

    PluginWishes(Collection<PluginVersion> running, WatchedFolder folder) {
        this.running = running;
        this.folder = folder;
    }

    /** From now on a candidate is not asked for. */
    void holdBack(PluginCandidate candidate, PluginProblem why) {
        heldBack.put(candidate, why);
    }

    /** What is asked for, by id; of other candidates it is noted why not. */
    SequencedMap<String, Wish> all(Map<PluginCandidate, PluginProblem> problems) {
        problems.putAll(heldBack);
        var wishes = new LinkedHashMap<String, Wish>();
        for (var version : running) {
            folder.file(version.file())
                    .ifPresent(file -> wishes.put(version.id(), ofRunning(version, file.candidate(), problems)));
        }
        var taken = new HashSet<>(wishes.values().stream().map(Wish::candidate).toList());
        for (var file : folder.files()) {
            var candidate = file.candidate().filter(found -> !taken.contains(found));
            if (candidate.isEmpty()
                    || (problems.containsKey(candidate.get()) && !heldBack.containsKey(candidate.get()))) {
                continue;
            }
            add(candidate.get(), wishes, problems);
        }
        wishes.values().removeIf(wish -> heldBack.containsKey(wish.candidate()));
        return wishes;
    }

    private Wish ofRunning(PluginVersion version, Optional<PluginCandidate> inFile,
            Map<PluginCandidate, PluginProblem> problems) {
        var own = new Wish(version.parts().candidate(), Optional.of(version));
        if (inFile.isEmpty() || heldBack.containsKey(inFile.get())) {
            return own;
        }
        if (!inFile.get().id().equals(version.id())) {
            problems.put(inFile.get(), PluginProblem.refused("The plugin " + version.id()
                    + " was loaded from this file and goes on. Give this one a file of another name, and delete the file"
                    + " of a plugin that is to go."));
            return own;
        }
        return new Wish(inFile.get(), Optional.of(version));
    }

    private void add(PluginCandidate candidate, Map<String, Wish> wishes,
            Map<PluginCandidate, PluginProblem> problems) {
        var other = wishes.get(candidate.id());
        if (other == null) {
            wishes.put(candidate.id(), new Wish(candidate, Optional.empty()));
        } else if (!heldBack.containsKey(candidate)) {
            problems.put(candidate, PluginProblem.refused("The file " + other.candidate().file().getFileName()
                    + " is the plugin " + candidate.id() + " already, in version "
                    + other.candidate().description().version() + ". Keep one of the two."));
        }
    }
}
