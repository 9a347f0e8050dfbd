package io.insula.agent;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What a tool may do during one call: a part of the caller's {@link AgentContext}.
 *
 * <p>Usable in the calling thread until the call returns, else {@link ContextMisuseException}. Every method throws
 * {@link RunStoppedException} once the run has ended.
 */
public interface ToolContext {
    /** The user that this run belongs to. */
    UserId user();

    /**
     * Opens a file of this user for reading. The caller closes it; what stays open is closed when the run ends.
     *
     * @throws IOException if the file is not there (any more) or cannot be read
     */
    InputStream open(Attachment attachment) throws IOException;

    /** Tells the user how far the work is. Calls that come faster than ten a second may be left out. */
    void progress(String what, long done, long total);

    /** The time now, recorded for a resumed run. */
    Instant now();

    /** What is left of the run's deadline; zero when it has passed. */
    Duration timeLeft();

    /** Throws {@link RunStoppedException} if the run has ended: call it inside long loops. */
    void checkpoint();

    /** This plugin's own store of this user. */
    UserStore store();

    /**
     * A thing that the plugin keeps for this user between runs, such as a client or a cache: made when first asked for,
     * shared by the user's runs (so it must be safe for several threads), closed by the platform when the user's engine
     * is evicted or erased or the plugin is replaced.
     *
     * @param type the class by which the plugin knows it; one of each class per user
     * @param create makes it; called at most once at a time
     */
    <T extends AutoCloseable> T resource(Class<T> type, Supplier<? extends T> create);
}
