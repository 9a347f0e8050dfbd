package io.insula.engine.user;

import io.insula.agent.ContextMisuseException;
import io.insula.agent.RunStoppedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What plugins keep for one user between runs, each thing known by the plugin's own class. */
final class UserResources {
    private static final Logger LOG = LoggerFactory.getLogger(UserResources.class);

    private final RoomLock lock;
    private final RoomParts parts;
    /** Guarded by {@link #lock}. A class is of one version of one plugin, and so is what is kept under it. */
    private final Map<Class<?>, Place> kept = new OccasionalMap<>();

    private boolean closed;

    /** Where a thing stands, or will. */
    private static final class Place {
        final CompletableFuture<AutoCloseable> thing = new CompletableFuture<>();
    }

    UserResources(RoomLock lock, RoomParts parts) {
        this.lock = lock;
        this.parts = parts;
    }

    /** The thing of this class, made in this thread if nobody has made it and nobody is at it. */
    <T extends AutoCloseable> T get(LiveRun run, Class<T> type, Supplier<? extends T> create) {
        Place mine = new Place();
        Place first = lock.call(() -> {
            if (closed) {
                throw new RunStoppedException();
            }
            Place there = kept.get(type);
            if (there == null && kept.size() >= parts.limits().user().resources()) {
                throw new ContextMisuseException(
                        "A user has at most " + parts.limits().user().resources() + " resources.");
            }
            return there == null ? kept.merge(type, mine, (a, b) -> a) : there;
        });
        if (first == mine) {
            make(type, create, mine);
        }
        return type.cast(Waiting.forAnswer(run, first.thing));
    }

    private <T extends AutoCloseable> void make(Class<T> type, Supplier<? extends T> create, Place place) {
        boolean made = false;
        try {
            @Nullable
            T thing = create.get();
            if (thing == null) {
                throw new ContextMisuseException("A resource is never null.");
            }
            made = place.thing.complete(type.cast(thing));
        } finally {
            if (!made) {
                lock.run(() -> kept.remove(type, place));
                place.thing.completeExceptionally(new ContextMisuseException("The resource could not be made."));
            }
        }
    }

    /** Closes everything for good, each in a thread of its own: closing is the plugin's code and may take long. */
    void closeAll() {
        List<Place> all = lock.call(() -> {
            closed = true;
            List<Place> things = List.copyOf(kept.values());
            kept.clear();
            return things;
        });
        all.forEach(this::startClosing);
    }

    /** Closes what is of this version, each in a thread of its own, and gives the threads. */
    List<Thread> closeOf(ClassLoader version) {
        List<Place> all = lock.call(() -> {
            List<Map.Entry<Class<?>, Place>> theirs =
                    kept.entrySet().stream().filter(entry -> isOf(version, entry)).toList();
            theirs.forEach(entry -> kept.remove(entry.getKey(), entry.getValue()));
            return theirs.stream().map(Map.Entry::getValue).toList();
        });
        return all.stream().map(this::startClosing).toList();
    }

    /** A plugin may keep a thing of its own under a class of a plugin that it needs. */
    private static boolean isOf(ClassLoader version, Map.Entry<Class<?>, Place> entry) {
        CompletableFuture<AutoCloseable> thing = entry.getValue().thing;
        return version.equals(entry.getKey().getClassLoader())
                || (thing.state() == Future.State.SUCCESS
                        && version.equals(thing.resultNow().getClass().getClassLoader()));
    }

    private Thread startClosing(Place place) {
        Thread thread = parts.environment().runThreads().newThread(() -> close(place));
        thread.start();
        return thread;
    }

    private static void close(Place place) {
        try {
            AutoCloseable made = place.thing.join();
            Thread.currentThread().setContextClassLoader(made.getClass().getClassLoader());
            made.close();
        } catch (Throwable thrown) {
            LOG.warn("resource could not be closed exception={}", Faults.describe(thrown));
        }
    }
}
