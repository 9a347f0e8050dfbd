package io.insula.plugin.host;

import static io.insula.plugin.host.PluginFolder.settle;
import static io.insula.plugin.host.PluginFolder.told;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins whose start took too long are tried again, so often and no more. */
final class LongStartTest {
    private static final int ATTEMPTS = 2;

    @TempDir
    Path root;

    private PluginFolder folder;
    /** While this file is there, starts do not end before they are interrupted. */
    private Path busy;

    @BeforeEach
    void makeBusy() throws IOException {
        folder = PluginFolder.withoutGate(root);
        busy = Files.createFile(root.resolve("busy"));
    }

    /** A plugin that counts its starts, each in a letter of a file. */
    private PluginSource slow(String whileBusy) {
        return PluginSource.of("alpha", "demo.alpha").extension("demo.alpha.TheAgent", """
                @AgentInfo(name = "alpha", summary = "s") final class TheAgent implements Agent {
                    static {
                        try {
                            java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "s",
                                java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
                            while (java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                                %s
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """.formatted(starts(), busy, whileBusy));
    }

    private Path starts() {
        return root.resolve("starts");
    }

    private int counted() {
        try {
            return Files.exists(starts()) ? Files.readString(starts()).length() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private PluginHost start() {
        var limits = PluginLimits.defaults();
        return folder.start(new PluginLimits(Duration.ofSeconds(2), limits.plugins(), limits.archiveBytes(),
                limits.archiveEntries(), limits.unpackedBytes(), limits.manifestBytes(), limits.agentsPerPlugin(),
                limits.toolsPerPlugin(), limits.recordComponents(), limits.recordCharacters(), limits.recordDepth(),
                new PluginLimits.Swap(Duration.ofMillis(500), Duration.ofSeconds(10), 3, ATTEMPTS, 1 << 30)));
    }

    @Test
    void a_start_that_took_too_long_is_tried_again_when_its_code_has_returned() throws IOException {
        folder.put("alpha.jar", slow("Thread.onSpinWait();"));
        try (var host = start()) {
            settle(host);
            assertEquals(List.of("alpha.jar alpha 1.0.0 FAILED"), told(host));
            assertEquals(1, counted());

            Files.delete(busy);
            Await.until("it is loaded", () -> {
                settle(host);
                return told(host).equals(List.of("alpha.jar alpha 1.0.0 STARTED"));
            });
            assertEquals(2, counted());
        }
    }

    @Test
    void it_is_not_tried_more_often_than_the_limit() {
        folder.put("alpha.jar", slow("Thread.sleep(java.time.Duration.ofDays(1));"));
        try (var host = start()) {
            Await.until("it was tried again", () -> {
                settle(host);
                return counted() == ATTEMPTS;
            });
            for (int look = 0; look < 10; look++) {
                settle(host);
            }
            assertEquals(ATTEMPTS, counted());
            assertEquals(List.of("alpha.jar alpha 1.0.0 FAILED"), told(host));

            folder.put("alpha.jar", slow("Thread.sleep(java.time.Duration.ofDays(1));"));
            settle(host);
            assertEquals(ATTEMPTS + 1, counted());
        }
    }

    @Test
    void what_threw_is_not_tried_again() throws IOException {
        folder.put("alpha.jar", slow("throw new IllegalStateException();"));
        try (var host = start()) {
            Files.delete(busy);
            settle(host);
            settle(host);
            assertEquals(1, counted());
            assertEquals(List.of("alpha.jar alpha 1.0.0 FAILED"), told(host));
        }
    }
}
