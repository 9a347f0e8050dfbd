package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer between the application and the files of its journal, preloaded into its process: it lets syncs and writes
 * fail on command, and records what is written, synced and sent in which order. Tests without a C compiler are skipped.
 */
final class FaultyFiles {
    /** Errors of the operating system, by their numbers on Linux. */
    enum Fault {
        SYNC_FAILS("sync 5"), DISK_FULL("write 28"), READ_ONLY("write 30"), SYNC_WAITS("hold");

        private final String command;

        Fault(String command) {
            this.command = command;
        }
    }

    private final Path library;
    private final Path control;
    private final Path trace;

    private FaultyFiles(Path library, Path control, Path trace) {
        this.library = library;
        this.control = control;
        this.trace = trace;
    }

    /** Compiles the layer into the folder. */
    static FaultyFiles in(Path folder) throws IOException, InterruptedException {
        assumeTrue(isLinux(), "faults are put under the journal on Linux only");
        assumeTrue(hasCompiler(), "there is no gcc on the PATH, so no layer under the files of the journal");
        var source = folder.resolve("faults.c");
        try (var resource = FaultyFiles.class.getResourceAsStream("faults.c")) {
            Files.copy(resource, source, StandardCopyOption.REPLACE_EXISTING);
        }
        var library = folder.resolve("faults.so");
        var compiled = CommandRun.of(List.of("gcc", "-O1", "-shared", "-fPIC", "-o", library.toString(),
                source.toString(), "-ldl", "-lpthread"), Map.of(), folder);
        assertEquals(0, compiled.status(), compiled::output);
        return new FaultyFiles(library, folder.resolve("faults.now"), folder.resolve("faults.trace"));
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static boolean hasCompiler() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gcc")));
    }

    /** The environment of an application whose files go through this layer. */
    Map<String, String> environment() {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("LD_PRELOAD", library.toString());
        environment.put("FAULTS_CONTROL", control.toString());
        environment.put("FAULTS_TRACE", trace.toString());
        return environment;
    }

    void inflict(Fault fault) throws IOException {
        command(fault.command);
    }

    void heal() throws IOException {
        command("");
    }

    /** Moved into place, so that nobody reads half a command. */
    private void command(String text) throws IOException {
        var next = control.resolveSibling("faults.next");
        Files.writeString(next, text);
        Files.move(next, control, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What was written, synced and sent so far, a line each, in this order. */
    List<String> trace() throws IOException {
        return Files.exists(trace) ? Files.readAllLines(trace) : List.of();
    }
}
