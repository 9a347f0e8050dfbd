package io.insula.plugin.host;

import io.insula.agent.Agent;
import io.insula.agent.AgentInfo;
import io.insula.agent.PluginBindings;
import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;
import io.insula.agent.ToolInfo;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.RecordMismatchException;
import jakarta.inject.Scope;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a plugin brings: the classes of its extension index, sorted out and checked. Reading it loads and initialises
 * them, which runs code of the plugin, but makes no instance.
 *
 * @param agents by name
 * @param tools by name
 * @param bindings the class that names the plugin's bindings, none or one
 */
record PluginContents(SortedMap<String, DeclaredAgent> agents, SortedMap<String, DeclaredTool> tools,
        List<Class<? extends PluginBindings>> bindings) {

    private static final Pattern AGENT_NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern TOOL_NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final int MAX_AGENT_SUMMARY_CHARACTERS = 200;
    private static final int MAX_COMPATIBLE_VERSIONS = 100;
    private static final int MAX_TOOL_SUMMARY_CHARACTERS = 1_000;

    static PluginContents read(PluginDescription plugin, PluginModuleLoader loader, Module ownModule,
            JsonRecordCodec codec, PluginLimits limits) throws IOException, PluginProblem, ClassNotFoundException {
        var contents = new PluginContents(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        var reader = new Reader(plugin, codec, limits, contents);
        for (var name : ExtensionIndex.read(loader.readerOf(ownModule.getName()))) {
            if (!ownModule.getPackages().contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                throw PluginProblem.refused("Its extension index names " + name + ", which is not in the module "
                        + ownModule.getName() + ".");
            }
            reader.add(Class.forName(name, true, loader));
        }
        if (contents.agents.isEmpty() && contents.tools.isEmpty()) {
            throw PluginProblem.refused("It has neither agent nor tool. Mark their classes with @Extension and compile"
                    + " them with PF4J's annotation processor and -Apf4j.ignoreExtensionPoint=true, which writes "
                    + ExtensionIndex.RESOURCE + ".");
        }
        return contents;
    }

    /** Adds one class after the other. */
    private record Reader(PluginDescription plugin, JsonRecordCodec codec, PluginLimits limits,
            PluginContents contents) {

        void add(Class<?> type) throws PluginProblem {
            var name = type.getName();
            if (type.isInterface() || Modifier.isAbstract(type.getModifiers()) || type.isLocalClass()
                    || (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()))) {
                throw PluginProblem.refused("Its extension " + name + " must be a concrete top-level or static class.");
            }
            for (var annotation : type.getAnnotations()) {
                if (annotation.annotationType().isAnnotationPresent(Scope.class)) {
                    throw PluginProblem.refused("Its extension " + name + " has the scope @"
                            + annotation.annotationType().getSimpleName()
                            + ". Remove it: the platform makes a new one for every run and call.");
                }
            }
            var known = false;
            if (Agent.class.isAssignableFrom(type)) {
                addAgent(type.asSubclass(Agent.class));
                known = true;
            }
            if (Tool.class.isAssignableFrom(type)) {
                addTool(type);
                known = true;
            }
            if (PluginBindings.class.isAssignableFrom(type)) {
                addBindings(type.asSubclass(PluginBindings.class));
                known = true;
            }
            if (!known) {
                throw PluginProblem.refused("Its extension " + name + " is neither Agent nor Tool nor PluginBindings.");
            }
        }

        private void addAgent(Class<? extends Agent> type) throws PluginProblem {
            var info = type.getAnnotation(AgentInfo.class);
            if (info == null) {
                throw PluginProblem.refused("Its agent " + type.getName() + " has no @AgentInfo.");
            }
            if (!AGENT_NAME.matcher(info.name()).matches()) {
                throw PluginProblem.refused("Its agent " + type.getName() + " is named \"" + info.name() + "\". A name"
                        + " has 1 to 64 lower case letters, digits and hyphens, and begins with a letter.");
            }
            checkSummary("agent", info.name(), info.summary(), MAX_AGENT_SUMMARY_CHARACTERS);
            if (info.compatibleWith().length > MAX_COMPATIBLE_VERSIONS) {
                throw PluginProblem.refused("Its agent \"" + info.name() + "\" is compatible with more than "
                        + MAX_COMPATIBLE_VERSIONS + " other versions.");
            }
            var agent = new HostedAgent(info.name(), info.summary(), plugin.id(), plugin.version(),
                    deadline(info), info.resumable(), new HashSet<>(List.of(info.compatibleWith())));
            if (contents.agents.put(info.name(), new DeclaredAgent(agent, type)) != null) {
                throw PluginProblem.refused("It has two agents named \"" + info.name() + "\".");
            }
            if (contents.agents.size() > limits.agentsPerPlugin()) {
                throw PluginProblem.refused("It has more than " + limits.agentsPerPlugin() + " agents.");
            }
        }

        @SuppressWarnings("unchecked") // every Tool is a Tool<?, ?>
        private void addTool(Class<?> type) throws PluginProblem {
            var info = type.getAnnotation(ToolInfo.class);
            if (info == null) {
                throw PluginProblem.refused("Its tool " + type.getName() + " has no @ToolInfo.");
            }
            if (!TOOL_NAME.matcher(info.name()).matches()) {
                throw PluginProblem.refused("Its tool " + type.getName() + " is named \"" + info.name()
                        + "\". A name has 1 to 64 lower case letters, digits and hyphens.");
            }
            checkSummary("tool", info.name(), info.summary(), MAX_TOOL_SUMMARY_CHARACTERS);
            var types = ToolTypes.of(type);
            var tool = new DeclaredTool(new ToolDescription(info.name(), info.summary(), info.effect(),
                    schema(info.name(), types)), (Class<? extends Tool<?, ?>>) type, types);
            if (contents.tools.put(info.name(), tool) != null) {
                throw PluginProblem.refused("It has two tools named \"" + info.name() + "\".");
            }
            if (contents.tools.size() > limits.toolsPerPlugin()) {
                throw PluginProblem.refused("It has more than " + limits.toolsPerPlugin() + " tools.");
            }
        }

        private String schema(String tool, ToolTypes types) throws PluginProblem {
            try {
                codec.check(types.output());
                return codec.schema(types.input());
            } catch (RecordMismatchException e) {
                throw PluginProblem
                        .refused("Its tool \"" + tool + "\" has records that cannot be JSON. " + e.getMessage());
            }
        }

        private void addBindings(Class<? extends PluginBindings> type) throws PluginProblem {
            contents.bindings.add(type);
            if (contents.bindings.size() > 1) {
                throw PluginProblem.refused("It has two PluginBindings: " + contents.bindings.get(0).getName() + " and "
                        + type.getName() + ". Keep one.");
            }
        }

        private static void checkSummary(String kind, String name, String summary, int maxCharacters)
                throws PluginProblem {
            if (summary.isBlank() || summary.length() > maxCharacters) {
                throw PluginProblem.refused("The summary of its " + kind + " \"" + name + "\" must have 1 to "
                        + maxCharacters + " characters, has " + summary.length() + ".");
            }
        }

        private static Optional<Duration> deadline(AgentInfo info) throws PluginProblem {
            if (info.deadline().isEmpty()) {
                return Optional.empty();
            }
            try {
                var deadline = Duration.parse(info.deadline());
                if (deadline.isPositive()) {
                    return Optional.of(deadline);
                }
            } catch (DateTimeException e) {
                // Not a duration: refused like one that is not positive.
            }
            throw PluginProblem.refused("The deadline of its agent \"" + info.name() + "\" is \"" + info.deadline()
                    + "\". Write a time above zero in ISO 8601, such as PT2M.");
        }
    }
}
