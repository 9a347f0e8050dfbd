package io.insula.plugin.host;

import io.insula.agent.Tool;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records that a tool takes and gives, found in its declaration, also where a superclass or another interface stands
 * between it and {@link Tool}.
 *
 * @param input what it takes
 * @param output what it gives
 */
record ToolTypes(Class<? extends Record> input, Class<? extends Record> output) {

    static ToolTypes of(Class<?> tool) throws PluginProblem {
        var arguments = argumentsOfTool(tool, Map.of()).orElse(List.of());
        if (arguments.size() == 2 && arguments.get(0) instanceof Class<?> input && input.isRecord()
                && arguments.get(1) instanceof Class<?> output && output.isRecord()) {
            return new ToolTypes(input.asSubclass(Record.class), output.asSubclass(Record.class));
        }
        throw PluginProblem
                .refused("Its tool " + tool.getName() + " must implement Tool<I, O> with two record classes.");
    }

    private static Optional<List<Type>> argumentsOfTool(Type type, Map<Type, Type> known) {
        var types = new HashMap<Type, Type>();
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (var i = 0; i < variables.length; i++) {
                var argument = generic.getActualTypeArguments()[i];
                types.put(variables[i], known.getOrDefault(argument, argument));
            }
            if (raw == Tool.class) {
                return Optional.of(List.of(types.get(variables[0]), types.get(variables[1])));
            }
        }
        for (var parent : parentsOf(type)) {
            var found = argumentsOfTool(parent, types);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<Type> parentsOf(Type type) {
        var parents = new ArrayList<Type>();
        var rawType = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (rawType instanceof Class<?> raw) {
            parents.addAll(List.of(raw.getGenericInterfaces()));
            if (raw.getGenericSuperclass() != null) {
                parents.add(raw.getGenericSuperclass());
            }
        }
        return parents;
    }
}
