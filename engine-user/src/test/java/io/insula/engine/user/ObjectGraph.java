package io.insula.engine.user;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What can be reached from an object: through the fields of our own classes and of lambdas, and through what containers
 * of the JDK give out. What else there is of the JDK, such as locks and threads, counts as something that may change.
 */
final class ObjectGraph {
    private static final List<Class<?>> UNCHANGING = List.of(
            String.class,
            Number.class,
            Boolean.class,
            Character.class,
            Enum.class,
            Class.class,
            UUID.class,
            TemporalAccessor.class,
            TemporalAmount.class);

    /** Things, and classes of things, that are not looked into. */
    private final Set<Object> infrastructure;
    /** Each thing with the way that leads to it. */
    private final IdentityHashMap<Object, String> ways = new IdentityHashMap<>();

    private final Deque<Found> next = new ArrayDeque<>();

    /** A thing that is still to be looked into. */
    private record Found(Object thing, String way) {}

    /** One that does not look into these. */
    private ObjectGraph(Set<Object> infrastructure) {
        this.infrastructure = infrastructure;
    }

    /** What can be reached from a root, without these things, things of these classes, and what is in them. */
    static ObjectGraph of(Object root, Collection<?> infrastructure) {
        Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(infrastructure);
        ObjectGraph graph = new ObjectGraph(known);
        graph.reach(root, root.getClass().getSimpleName());
        while (!graph.next.isEmpty()) {
            Found here = graph.next.remove();
            graph.walk(here.thing, here.way);
        }
        return graph;
    }

    /** What may change and can be reached in both, each with both ways to it. */
    List<String> sharedWith(ObjectGraph other) {
        List<String> shared = new ArrayList<>();
        ways.forEach((thing, way) -> {
            if (other.ways.containsKey(thing) && mayChange(thing)) {
                shared.add(thing.getClass().getName() + " by " + way + " and by " + other.ways.get(thing));
            }
        });
        return shared;
    }

    /** How many things of this class can be reached. */
    long count(Class<?> kind) {
        return ways.keySet().stream().filter(kind::isInstance).count();
    }

    private void reach(Object thing, String way) {
        if (UNCHANGING.stream().noneMatch(kind -> kind.isInstance(thing))
                && !infrastructure.contains(thing)
                && !infrastructure.contains(thing.getClass())
                && ways.putIfAbsent(thing, way) == null) {
            next.add(new Found(thing, way));
        }
    }

    private void walk(Object thing, String way) {
        Class<?> type = thing.getClass();
        if (type.isArray()) {
            for (int i = 0; !type.componentType().isPrimitive() && i < Array.getLength(thing); i++) {
                reachAny(Array.get(thing, i), way + "[" + i + "]");
            }
        } else if (isOurs(type)) {
            for (Field field : fields(type)) {
                field.setAccessible(true);
                try {
                    reachAny(field.get(thing), way + "." + field.getName());
                } catch (IllegalAccessException e) {
                    throw new AssertionError("closed to the test: " + field, e);
                }
            }
        }
        switch (thing) {
            case Collection<?> many -> List.copyOf(many).forEach(one -> reach(one, way + "[]"));
            case Map<?, ?> map -> map.forEach((key, value) -> {
                reach(key, way + "{key}");
                reach(value, way + "{value}");
            });
            case Optional<?> maybe -> maybe.ifPresent(value -> reach(value, way));
            case AtomicReference<?> reference -> reachAny(reference.get(), way);
            case CompletableFuture<?> future when future.isDone() && !future.isCompletedExceptionally() -> reachAny(
                    future.join(), way);
            default -> {
                // Nothing of the JDK that gives out anything.
            }
        }
    }

    private void reachAny(Object thing, String way) {
        if (thing != null) {
            reach(thing, way);
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.insula.");
    }

    /** The fields of its objects, those that it inherits too. */
    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null && isOurs(each); each = each.getSuperclass()) {
            fields.addAll(Arrays.stream(each.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive())
                    .toList());
        }
        return fields;
    }

    private static boolean mayChange(Object thing) {
        Class<?> type = thing.getClass();
        if (type.isArray()) {
            return Array.getLength(thing) > 0;
        }
        if (isOurs(type)) {
            return Arrays.stream(type.getDeclaredFields())
                    .anyMatch(field -> !Modifier.isStatic(field.getModifiers())
                            && !Modifier.isFinal(field.getModifiers()));
        }
        // Whatever cannot be filled is the same for all.
        return !(thing instanceof Optional<?>) && !type.getName().startsWith("java.util.ImmutableCollections");
    }
}
