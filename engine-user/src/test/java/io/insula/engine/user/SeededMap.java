package io.insula.engine.user;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent map whose lock is one that seeded threads wait for in an order that repeats: the real one is a monitor,
 * and who waits for it is woken by a thread of the Java runtime. Stands in for it in woven code.
 */
final class SeededMap<K, V> extends ConcurrentHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final transient ReentrantLock lock = new ReentrantLock();

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
        V there = get(key);
        return there != null ? there : changed(key, before -> before == null ? make.apply(key) : before);
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> change) {
        return changed(key, before -> before == null ? null : change.apply(key, before));
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super V, ? extends V> change) {
        return changed(key, before -> change.apply(key, before));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> change) {
        return changed(key, before -> before == null ? value : change.apply(before, value));
    }

    private @Nullable V changed(K key, Function<@Nullable V, @Nullable V> change) {
        lock.lock();
        try {
            SeededThreads.pass();
            V before = get(key);
            V after = change.apply(before);
            if (after != null) {
                super.put(key, after);
            } else if (before != null) {
                super.remove(key);
            }
            return after;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable V put(K key, V value) {
        lock.lock();
        try {
            return super.put(key, value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        lock.lock();
        try {
            return super.putIfAbsent(key, value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable V remove(Object key) {
        lock.lock();
        try {
            return super.remove(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean remove(Object key, Object value) {
        lock.lock();
        try {
            return super.remove(key, value);
        } finally {
            lock.unlock();
        }
    }
}
