package io.insula.plugin.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sorts plugins behind those that they need. Plugins whose needs go round in a circle come in no order. */
final class DependencyOrder {
    private final Map<String, PluginDescription> plugins = new LinkedHashMap<>();
    private final List<String> sorted = new ArrayList<>();
    private final Map<String, String> circles = new LinkedHashMap<>();
    private final Set<String> visited = new HashSet<>();

    /** Sorts plugins of different ids; otherwise they keep the order given. */
    DependencyOrder(List<PluginDescription> descriptions) {
        descriptions.forEach(description -> plugins.put(description.id(), description));
        plugins.keySet().forEach(id -> visit(id, new ArrayList<>()));
    }

    /** The ids of those that can be loaded, each after what it needs. */
    List<String> sorted() {
        return List.copyOf(sorted);
    }

    /** The circle that a plugin is part of, written out; {@code null} if it is in none. */
    @Nullable
    String circleOf(String id) {
        return circles.get(id);
    }

    private void visit(String id, List<String> path) {
        var plugin = plugins.get(id);
        if (plugin == null) {
            return; // missing: told when the one that needs it is loaded
        }
        var start = path.indexOf(id);
        if (start >= 0) {
            var circle = path.subList(start, path.size());
            var text = String.join(" -> ", circle) + " -> " + id;
            circle.forEach(member -> circles.putIfAbsent(member, text));
            return;
        }
        if (!visited.add(id)) {
            return;
        }
        path.add(id);
        plugin.dependencies().forEach(dependency -> visit(dependency.getPluginId(), path));
        path.removeLast();
        if (!circles.containsKey(id)) {
            sorted.add(id);
        }
    }
}
