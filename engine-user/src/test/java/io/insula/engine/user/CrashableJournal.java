package io.insula.engine.user;

import io.insula.engine.user.EventJournal.Following;
import io.insula.engine.user.EventJournal.JournalException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The journal as one process sees it. When the process crashes nothing of it is written any more, whatever its threads
 * still do; what lies below it outlives it.
 */
final class CrashableJournal implements InvocationHandler {
    private final EventJournal disk;
    private final AtomicBoolean crashed = new AtomicBoolean();
    private final AtomicReference<JournalHealth> health = new AtomicReference<>(new JournalHealth.Writable());
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final Set<Following> followings = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Runnable> afterScript = new AtomicReference<>(() -> {});
    private final AtomicBoolean refuses = new AtomicBoolean();
    private final Object turn = new Object();
    /** Guarded by {@link #turn}, as what follows. */
    private int appends;

    private int crashAfter = Integer.MAX_VALUE;

    CrashableJournal(EventJournal disk) {
        this.disk = disk;
    }

    EventJournal journal() {
        return EventJournal.class.cast(Proxy.newProxyInstance(
                EventJournal.class.getClassLoader(), new Class<?>[]{EventJournal.class}, this));
    }

    /** Has the process crash as soon as so many appends were taken. */
    void crashAfter(int count) {
        synchronized (turn) {
            crashAfter = count;
        }
    }

    /** Has something done when the script of a run was read. */
    void afterScript(Runnable action) {
        afterScript.set(action);
    }

    int appends() {
        synchronized (turn) {
            return appends;
        }
    }

    boolean isCrashed() {
        return crashed.get();
    }

    void crash() {
        crashed.set(true);
        synchronized (turn) {
            new ArrayList<>(followings).forEach(Following::end);
        }
        // What is left of the process stops by itself, as it does when it cannot write.
        become(new JournalHealth.Down(JournalTrouble.STORAGE_FAILED));
    }

    /** Has the journal be down, or writable again. */
    void become(JournalHealth now) {
        health.set(now);
        watchers.forEach(Runnable::run);
    }

    /** Has appends fail although nothing was said about it. */
    void refuseAppends(boolean refuse) {
        refuses.set(refuse);
    }

    private boolean isWritable() {
        return !crashed.get() && health.get() instanceof JournalHealth.Writable;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "append" -> append(method, arguments);
            case "open" -> open(method, arguments);
            case "hasRoom" -> isWritable() && (boolean) call(method, arguments);
            case "health" -> health.get();
            case "watchHealth" -> watch((Runnable) arguments[0]);
            case "follow" -> follow((Following) call(method, arguments));
            case "close" -> null;
            case "script" -> {
                Object script = call(method, arguments);
                afterScript.get().run();
                yield script;
            }
            default -> call(method, arguments);
        };
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(disk, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private Object append(Method method, Object[] arguments) throws Throwable {
        // Counted and handed on in one go, so that what crashes is everything behind one place.
        synchronized (turn) {
            if (appends >= crashAfter) {
                crash();
            }
            if (!isWritable() || refuses.get()) {
                return CompletableFuture.failedFuture(JournalException.ofJournal("on purpose"));
            }
            appends++;
            return call(method, arguments);
        }
    }

    private Object open(Method method, Object[] arguments) throws Throwable {
        if (!isWritable()) {
            throw JournalException.ofJournal("on purpose");
        }
        return call(method, arguments);
    }

    private Following watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    private Following follow(Following below) {
        Following[] mine = new Following[1];
        mine[0] = () -> {
            // Who sees that it is gone may follow anew.
            below.end();
            followings.remove(mine[0]);
        };
        followings.add(mine[0]);
        return mine[0];
    }
}
