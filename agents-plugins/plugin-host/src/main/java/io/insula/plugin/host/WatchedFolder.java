package io.insula.plugin.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins folder, looked at again and again. What changed is believed when two looks in a row saw the same, so that
 * a file is not taken while it is being copied, nor a plugin given up while its file is being replaced.
 *
 * <p>Used by the thread that looks. Runs no code of a plugin.
 */
final class WatchedFolder {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFolder.class);

    private final PluginHostSettings settings;
    private final Admission admission;
    private final PluginIntake intake;
    private final Map<Path, WatchedFile> files = new TreeMap<>();
    private List<PluginReport> turnedAway = List.of();
    private int copies;

    WatchedFolder(PluginHostSettings settings, Admission admission) {
        this.settings = settings;
        this.admission = admission;
        this.intake = new PluginIntake(settings);
    }

    /** Removes the copies of former runs. */
    void empty() throws IOException {
        intake.emptyWorkFolder();
    }

    /** The files that are watched, by name. */
    List<WatchedFile> files() {
        return List.copyOf(files.values());
    }

    /** What is watched under this name. */
    Optional<WatchedFile> file(Path path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Reports of what is not watched, and why. */
    List<PluginReport> turnedAway() {
        return turnedAway;
    }

    /**
     * Looks once.
     *
     * @param atOnce whether files are taken that were not seen before, as at the start
     * @param again whether files that wait for something else are tried again
     * @return whether it knows anything new of what a file holds
     * @throws IOException if the folder cannot be read; nothing is changed then
     */
    boolean look(boolean atOnce, boolean again) throws IOException {
        List<Path> there;
        try {
            there = there();
        } catch (PluginProblem problem) {
            // Whatever is loaded stays: a folder that is not safe, or gone, says nothing of the plugins.
            return turnAway(List.of(PluginReport.notLoaded(settings.pluginsFolder(), Optional.empty(),
                    problem.state(), problem.getMessage())));
        }
        var changed = forgetMissing(there);
        var tooMany = new ArrayList<PluginReport>();
        for (var path : there) {
            var file = files.get(path);
            if (file == null && files.size() >= settings.limits().plugins()) {
                tooMany.add(tooMany(path));
                continue;
            }
            if (file == null) {
                file = new WatchedFile(path);
                files.put(path, file);
                changed = true;
            }
            changed |= look(file, atOnce, again);
        }
        // As many of them are told as could be watched: the folder may hold any number.
        return turnAway(tooMany.stream().limit(settings.limits().plugins()).toList()) || changed;
    }

    private List<Path> there() throws IOException, PluginProblem {
        if (!files.isEmpty() && !Files.exists(settings.pluginsFolder())) {
            throw PluginProblem.refused("The plugins folder is gone. What was loaded from it stays.");
        }
        return intake.files();
    }

    private boolean turnAway(List<PluginReport> reports) {
        var changed = !reports.equals(turnedAway);
        turnedAway = reports;
        return changed;
    }

    private PluginReport tooMany(Path path) {
        return PluginReport.notLoaded(path, Optional.empty(), PluginState.REFUSED, "The folder holds more than "
                + settings.limits().plugins()
                + " plugins, the limit; this one came later, or comes later by its name.");
    }

    private boolean forgetMissing(List<Path> there) {
        var present = new HashSet<>(there);
        var gone = files.values().stream().filter(file -> !present.contains(file.path()) && file.missed()).toList();
        gone.forEach(this::forget);
        return !gone.isEmpty();
    }

    /** Forgets all files. */
    void letGo() {
        files().forEach(this::forget);
    }

    private void forget(WatchedFile file) {
        files.remove(file.path());
        file.forget();
    }

    private boolean look(WatchedFile file, boolean atOnce, boolean again) throws IOException {
        var stamp = FileStamp.of(file.path());
        if (stamp.isEmpty()) {
            return false; // gone since the folder was read; the next look sees that
        }
        var isSettled = file.saw(stamp.get());
        if (file.isTaken(stamp.get()) ? !(again && file.isWaiting()) : !(atOnce || isSettled)) {
            return false;
        }
        var content = take(file.path());
        if (!FileStamp.of(file.path()).equals(stamp)) {
            // It changed while it was read: whatever was found is of neither.
            discard(content);
            return false;
        }
        file.take(stamp.get(), content);
        return true;
    }

    private static void discard(WatchedFile.Content content) {
        if (content instanceof WatchedFile.Content.Plugin(PluginCandidate candidate)) {
            candidate.staged().discard();
        }
    }

    private WatchedFile.Content take(Path file) {
        Optional<StagedPlugin> staged = Optional.empty();
        Optional<PluginDescription> described = Optional.empty();
        try {
            copies++;
            staged = Optional.of(intake.take(file, copies));
            var description = PluginDescription.of(staged.get(), settings.platformVersion());
            described = Optional.of(description);
            var verdict = admission.judge(staged.get(), description);
            if (!verdict.accepted()) {
                throw PluginProblem.refused(verdict);
            }
            return new WatchedFile.Content.Plugin(new PluginCandidate(staged.get(), description));
        } catch (PluginProblem problem) {
            staged.ifPresent(StagedPlugin::discard);
            return new WatchedFile.Content.Refused(described, problem);
        } catch (IOException | RuntimeException e) {
            LOG.warn("plugin cannot be read file={}", file.getFileName(), e);
            staged.ifPresent(StagedPlugin::discard);
            return new WatchedFile.Content.Refused(described, PluginProblem.refused(
                    "It cannot be read: " + e.getClass().getSimpleName() + ". The log says more."));
        }
    }
}
