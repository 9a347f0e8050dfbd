package io.insula.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that ran to its end in a folder of its own: its status, and what it wrote to both streams. */
record CommandRun(int status, String output) {
    private static final int SECONDS = 60;

    static CommandRun of(List<String> command, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        // Into a file: a pipe that nobody reads while we wait would stop a talkative command.
        var output = Files.createTempFile(folder, "output", ".txt");
        var builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    command + " still runs after " + SECONDS + " s: " + Files.readString(output));
        }
        return new CommandRun(process.exitValue(), Files.readString(output));
    }
}
