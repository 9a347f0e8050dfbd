package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** How a thread of a run waits for something that also the end of the run brings about. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits for the future.
     *
     * @throws RunStoppedException if the run has ended
     * @throws RuntimeException what the future failed with
     */
    static <T> T forAnswer(LiveRun run, CompletableFuture<T> future) {
        boolean interrupted = false;
        try {
            while (!run.ended) {
                try {
                    T value = future.get();
                    if (!run.ended) {
                        return value;
                    }
                } catch (InterruptedException e) {
                    // An interrupt by the agent itself must not be lost, and does not end the run.
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
            throw new RunStoppedException();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
