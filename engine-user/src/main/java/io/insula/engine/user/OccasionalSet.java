package io.insula.engine.user;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set that has nothing in it most of the time, and takes hardly any room then. In the order of insertion; its iterators
 * remove nothing. Guarded by whoever has it.
 */
final class OccasionalSet<E> extends AbstractSet<E> {
    private static final int FEW = 4;

    private Set<E> elements = Set.of();

    @Override
    public boolean add(E element) {
        if (elements.isEmpty()) {
            elements = LinkedHashSet.newLinkedHashSet(FEW);
        }
        return elements.add(element);
    }

    @Override
    public boolean contains(Object element) {
        return elements.contains(element);
    }

    @Override
    public boolean remove(Object element) {
        boolean removed = !elements.isEmpty() && elements.remove(element);
        if (removed && elements.isEmpty()) {
            clear();
        }
        return removed;
    }

    @Override
    public void clear() {
        elements = Set.of();
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public Iterator<E> iterator() {
        return Collections.unmodifiableSet(elements).iterator();
    }
}
