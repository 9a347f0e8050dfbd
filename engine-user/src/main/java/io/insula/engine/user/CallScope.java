package io.insula.engine.user;

import io.insula.agent.ContextMisuseException;
import io.insula.agent.RunStoppedException;
import io.insula.agent.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The time and the thread in which one call of an agent or tool may use its context. Bound to the thread while the
 * plugin's code runs; a thread that was not given it, such as one the plugin came by in another way, is refused.
 */
final class CallScope {
    private static final ScopedValue<CallScope> CURRENT = ScopedValue.newInstance();

    private final UserId user;
    private final LiveRun run;
    private volatile boolean ended;

    /** Code of a plugin. */
    @FunctionalInterface
    interface PluginCode<T extends @Nullable Object> {
        T call() throws Exception;
    }

    CallScope(UserId user, LiveRun run) {
        this.user = user;
        this.run = run;
    }

    UserId user() {
        return user;
    }

    LiveRun run() {
        return run;
    }

    /** Runs code of a plugin that may use this call's context, and no other. */
    <T extends @Nullable Object> T bound(PluginCode<T> code) throws Exception {
        try {
            return ScopedValue.where(CURRENT, this).<T, Exception>call(code::call);
        } finally {
            ended = true;
        }
    }

    /**
     * Lets pass who may use the context now.
     *
     * @throws RunStoppedException if the run has ended
     * @throws ContextMisuseException if the call has returned, or this is not its thread
     */
    void check() {
        if (!CURRENT.isBound() || CURRENT.get() != this) {
            throw new ContextMisuseException(
                    ended
                            ? "The context is used after its call has returned."
                            : "The context is used from a thread, or inside a call, that it was not given to.");
        }
        if (run.ended) {
            throw new RunStoppedException();
        }
    }
}
