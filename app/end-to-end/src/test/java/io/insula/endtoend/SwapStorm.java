package io.insula.endtoend;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Replaces the plugins of an application one after another, again and again, by the same code in a higher version, as
 * soon as the version before is loaded, until it is stopped. One whose old versions are all held by runs is passed over
 * until it is loaded.
 */
final class SwapStorm implements AutoCloseable {
    /** Between two questions what is loaded; a swap takes the application many times as long. */
    private static final long PAUSE_MILLIS = 100;
    /** What the application allows; more old versions than these must never be there. */
    private static final int MOST_OLD_VERSIONS = 3;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** A plugin that is replaced. */
    private static final class Target {
        private final Path file;
        private final Path workshop;
        private final String id;
        private final String versions;
        private final int first;
        // Of the thread that replaces: the last number of the version that was put there last.
        private int put;
        // Guarded by the storm's moment.
        private int swaps;

        Target(Path file, Path workshop) throws IOException {
            this.file = file;
            this.workshop = workshop;
            try (var jar = new JarFile(file.toFile())) {
                var manifest = jar.getManifest().getMainAttributes();
                this.id = manifest.getValue("Plugin-Id");
                var version = manifest.getValue("Plugin-Version");
                this.versions = version.substring(0, version.lastIndexOf('.') + 1);
                this.first = Integer.parseInt(version.substring(versions.length()));
                this.put = first;
            }
        }

        String version() {
            return versions + put;
        }

        /** What is told of the newest version; empty if nothing is yet. */
        Optional<ServedPlugins.Row> newest(List<ServedPlugins.Row> rows) {
            return rows.stream().filter(row -> row.plugin().equals(id) && row.version().equals(version())).findFirst();
        }

        /** Puts the next version into the place of the one before, in one step. */
        void replace() throws IOException {
            put++;
            var next = workshop.resolve(file.getFileName());
            try (var before = new JarFile(file.toFile())) {
                var manifest = before.getManifest();
                manifest.getMainAttributes().put(new Attributes.Name("Plugin-Version"), version());
                try (var jar = new JarOutputStream(Files.newOutputStream(next), manifest)) {
                    for (var entry : before.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME))
                            .toList()) {
                        jar.putNextEntry(new ZipEntry(entry.getName()));
                        before.getInputStream(entry).transferTo(jar);
                    }
                }
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private final ServedPlugins served;
    private final List<Target> targets = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Moment moment = new Moment();
    private final CompletableFuture<Void> storming;
    // Guarded by the moment.
    private boolean heldByRuns;

    private SwapStorm(PackagedApp app, Path workshop) throws IOException {
        this.served = new ServedPlugins(app);
        try (var files = Files.newDirectoryStream(app.installation().plugins(), "*.jar")) {
            for (var file : files) {
                targets.add(new Target(file, workshop));
            }
        }
        this.storming = CompletableFuture.runAsync(this::storm, work -> Thread.ofPlatform().name("swaps").start(work));
    }

    /**
     * Begins.
     *
     * @param workshop an empty folder of the file system that the plugins are in
     */
    static SwapStorm over(PackagedApp app, Path workshop) throws IOException {
        return new SwapStorm(app, workshop);
    }

    private void storm() {
        try {
            while (!stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                replaceNext(served.rows());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            // Who waits for swaps is not to wait for more.
            moment.change(stop::countDown);
        }
    }

    private void replaceNext(List<ServedPlugins.Row> rows) throws IOException {
        boolean isOneUnderWay = false;
        var loaded = new ArrayList<Target>();
        for (var target : targets) {
            long old = rows.stream()
                    .filter(row -> row.plugin().equals(target.id) && row.state().equals("finishing")).count();
            assertTrue(old <= MOST_OLD_VERSIONS, rows::toString);
            String state = target.newest(rows).map(ServedPlugins.Row::state).orElse("");
            if (state.equals("running")) {
                moment.change(() -> target.swaps = target.put - target.first);
                loaded.add(target);
            }
            isOneUnderWay |= !state.equals("running") && !state.equals("waiting");
        }
        if (rows.stream().anyMatch(ServedPlugins.Row::isHeldByRuns)) {
            moment.change(() -> heldByRuns = true);
        }
        if (!isOneUnderWay && !loaded.isEmpty()) {
            Collections.min(loaded, Comparator.comparingInt(target -> target.put)).replace();
        }
    }

    /** Waits until each plugin was replaced so many times, and a version was replaced while runs of it were under way. */
    void awaitSwaps(int each) {
        moment.await(LONGEST, each + " swaps of each plugin",
                () -> stop.getCount() == 0
                        || (heldByRuns && targets.stream().allMatch(target -> target.swaps >= each)),
                () -> report() + ", " + served.rows());
        if (stop.getCount() == 0) {
            throw new AssertionError("the storm is over", storming.handle((done, failure) -> failure).join());
        }
    }

    /** How often each plugin was replaced. */
    String report() {
        return moment.read(() -> targets.stream().map(target -> target.id + " " + target.swaps)
                .collect(joining(", ", "swaps ", "")));
    }

    /** Stops, and waits until nothing but the newest version of each plugin is there, with no run of it. */
    void subside() {
        close();
        for (var target : targets) {
            served.await(target.id, target.id + " " + target.version() + " running 0");
        }
    }

    /** How many plugins there are. */
    int plugins() {
        return targets.size();
    }

    /** Stops after the swap under way; fails if it could not go on. */
    @Override
    public void close() {
        stop.countDown();
        storming.join();
    }
}
