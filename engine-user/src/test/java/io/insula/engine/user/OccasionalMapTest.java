package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Maps and sets that are mostly empty are like any other. */
final class OccasionalMapTest {
    private static final int STEPS = 10_000;
    private static final int KEYS = 6;

    private final Map<Integer, String> map = new OccasionalMap<>();
    private final Set<Integer> set = new OccasionalSet<>();

    @Test
    void aMapIsLikeAnyOtherWhateverIsDoneToIt() {
        Map<Integer, String> model = new LinkedHashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < STEPS; i++) {
            int key = random.nextInt(KEYS);
            String value = "v" + random.nextInt(3);
            switch (random.nextInt(7)) {
                case 0 -> assertEquals(model.put(key, value), map.put(key, value));
                case 1, 2 -> assertEquals(model.remove(key), map.remove(key));
                case 3 -> assertEquals(model.putIfAbsent(key, value), map.putIfAbsent(key, value));
                case 4 -> assertEquals(model.merge(key, value, String::concat), map.merge(key, value, String::concat));
                case 5 -> assertEquals(
                        model.computeIfPresent(key, (k, v) -> v.length() > 4 ? null : v + v),
                        map.computeIfPresent(key, (k, v) -> v.length() > 4 ? null : v + v));
                default -> assertEquals(model.get(key), map.get(key));
            }
            assertEquals(model, map);
            assertEquals(List.copyOf(model.values()), List.copyOf(map.values()));
            assertEquals(List.copyOf(model.keySet()), List.copyOf(map.keySet()));
            assertEquals(model.containsKey(key), map.containsKey(key));
        }
    }

    @Test
    void aSetIsLikeAnyOtherWhateverIsDoneToIt() {
        Set<Integer> model = new LinkedHashSet<>();
        Random random = new Random(7);
        for (int i = 0; i < STEPS; i++) {
            int element = random.nextInt(KEYS);
            if (random.nextBoolean()) {
                assertEquals(model.add(element), set.add(element));
            } else {
                assertEquals(model.remove(element), set.remove(element));
            }
            assertEquals(List.copyOf(model), List.copyOf(set));
            assertEquals(model.contains(element), set.contains(element));
        }
    }

    @Test
    void emptyOnesGiveNothingAndTakeNothingAway() {
        assertNull(map.get(1));
        assertNull(map.remove(1));
        assertFalse(set.contains(1));
        assertFalse(set.remove(1));
        map.clear();
        set.clear();
        assertTrue(map.isEmpty() && set.isEmpty());
    }

    @Test
    void thoseThatAreEmptyAgainKeepNoTable() throws ReflectiveOperationException {
        map.put(1, "one");
        set.add(1);
        assertEquals(LinkedHashMap.class, kept(map, "entries").getClass());
        assertEquals(LinkedHashSet.class, kept(set, "elements").getClass());
        map.remove(1);
        set.remove(1);
        assertSame(Map.of(), kept(map, "entries"));
        assertSame(Set.of(), kept(set, "elements"));
    }

    private static Object kept(Object of, String field) throws ReflectiveOperationException {
        Field declared = of.getClass().getDeclaredField(field);
        declared.setAccessible(true);
        return declared.get(of);
    }

    @Test
    void viewsCannotBeChanged() {
        map.put(1, "one");
        set.add(1);
        assertThrows(UnsupportedOperationException.class, () -> map.values().clear());
        assertThrows(UnsupportedOperationException.class, () -> map.keySet().remove(1));
        assertThrows(UnsupportedOperationException.class, () -> map.entrySet().clear());
        assertThrows(UnsupportedOperationException.class, () -> {
            var elements = set.iterator();
            elements.next();
            elements.remove();
        });
    }
}
