package io.insula.plugin.host;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls code of plugins in a thread of its own, for a bounded time. Whatever that code does, the caller gets a result
 * or a {@link PluginProblem}.
 *
 * @param threads makes the threads; they must be daemons, since one that never returns is given up
 * @param timeLimit how long the caller waits
 * @param occasion what goes on, such as {@code while it was loaded}
 * @param advice what its author is told when it took too long
 */
record SupervisedCall(ThreadFactory threads, Duration timeLimit, String occasion, String advice) {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedCall.class);

    /** For code that runs while a plugin is loaded, so often at most. */
    static SupervisedCall whileLoading(ThreadFactory threads, Duration timeLimit, int attempts) {
        return new SupervisedCall(threads, timeLimit, "while it was loaded",
                "Constructors and static initialisers must not wait or compute for long. At most " + attempts
                        + " times, it is tried again as soon as its code has returned.");
    }

    /** For code that runs while a plugin is unloaded. */
    static SupervisedCall whileUnloading(ThreadFactory threads, Duration timeLimit) {
        return new SupervisedCall(threads, timeLimit, "while it was unloaded",
                "What it keeps for users must not wait or compute for long when it is closed.");
    }

    /** What a call came to. */
    private sealed interface Outcome<T> {
        record Result<T>(T value) implements Outcome<T> {}

        record Refused<T>(PluginProblem problem) implements Outcome<T> {}

        record Fault<T>(PluginFault fault) implements Outcome<T> {}

        record GivenUp<T>() implements Outcome<T> {}
    }

    /**
     * Does the work and waits for it.
     *
     * @param plugin the plugin's id, for the log
     * @param discard gets a result that came after the caller had given up
     * @throws PluginProblem what the work threw; a problem of state failed for anything else it threw, or if it took
     *     too long
     */
    <T> T run(String plugin, Callable<T> work, Consumer<T> discard) throws PluginProblem {
        var settled = new CompletableFuture<Outcome<T>>();
        var thread = threads.newThread(() -> {
            var outcome = outcomeOf(work);
            if (!settled.complete(outcome) && outcome instanceof Outcome.Result<T>(var late)) {
                discard.accept(late);
            }
        });
        thread.start();
        return switch (await(settled, thread)) {
            case Outcome.Result<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw problem;
            case Outcome.Fault<T>(var fault) -> {
                LOG.warn("plugin threw {} plugin={} thrown={}", occasion, plugin, fault.details());
                throw PluginProblem
                        .failed("Its code threw " + fault.type() + " " + occasion + "; the log says where.");
            }
            case Outcome.GivenUp<T>() -> throw PluginProblem.tookTooLong("Its code did not come to an end within "
                    + timeLimit + " " + occasion + ". " + advice);
        };
    }

    private static <T> Outcome<T> outcomeOf(Callable<T> work) {
        try {
            return new Outcome.Result<>(work.call());
        } catch (PluginProblem problem) {
            return new Outcome.Refused<>(problem);
        } catch (Throwable thrown) {
            return new Outcome.Fault<>(PluginFault.of(thrown));
        }
    }

    private <T> Outcome<T> await(CompletableFuture<Outcome<T>> settled, Thread thread) {
        try {
            return settled.get(timeLimit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return giveUp(settled, thread);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(settled, thread);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never an exception", e);
        }
    }

    private static <T> Outcome<T> giveUp(CompletableFuture<Outcome<T>> settled, Thread thread) {
        settled.complete(new Outcome.GivenUp<>());
        thread.interrupt();
        return settled.join(); // the result, if it came in this very moment
    }
}
