package io.insula.engine.user;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map that has nothing in it most of the time, and takes hardly any room then: there are many of them in each of many
 * engines. In the order of insertion; its views are not kept and cannot be changed. Guarded by whoever has it.
 */
final class OccasionalMap<K, V> extends AbstractMap<K, V> {
    private Map<K, V> entries = Map.of();

    @Override
    public @Nullable V put(K key, V value) {
        if (entries.isEmpty()) {
            entries = LinkedHashMap.newLinkedHashMap(1);
        }
        return entries.put(key, value);
    }

    @Override
    public @Nullable V get(Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    @Override
    public @Nullable V remove(Object key) {
        if (entries.isEmpty()) {
            return null;
        }
        V removed = entries.remove(key);
        if (entries.isEmpty()) {
            clear();
        }
        return removed;
    }

    @Override
    public void clear() {
        entries = Map.of();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Set<K> keySet() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Collection<V> values() {
        return Collections.unmodifiableCollection(entries.values());
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return Collections.unmodifiableMap(entries).entrySet();
    }
}
