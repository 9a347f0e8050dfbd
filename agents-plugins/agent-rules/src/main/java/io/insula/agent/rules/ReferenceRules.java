package io.insula.agent.rules;

import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What classes use of others. The constant pool names all of it, whatever way the code takes, so it is looked through
 * first; only where something in it is not allowed are the methods looked through for the place. Used by one thread.
 */
final class ReferenceRules {
    /** The bootstrap methods of the Java compiler. */
    private static final Set<String> BOOTSTRAPS = Set.of("java.lang.invoke.LambdaMetafactory.metafactory",
            "java.lang.invoke.LambdaMetafactory.altMetafactory",
            "java.lang.invoke.StringConcatFactory.makeConcat",
            "java.lang.invoke.StringConcatFactory.makeConcatWithConstants",
            "java.lang.invoke.ConstantBootstraps.invoke",
            "java.lang.runtime.ObjectMethods.bootstrap",
            "java.lang.runtime.SwitchBootstraps.typeSwitch",
            "java.lang.runtime.SwitchBootstraps.enumSwitch");

    private static final String AGENT = "io.insula.agent.Agent";
    private static final String AGENT_RUN = "(Lio/insula/agent/AgentContext;)Lio/insula/agent/AgentResult;";
    private static final String TOOL = "io.insula.agent.Tool";
    private static final String TOOL_CALL_END = "Lio/insula/agent/ToolContext;)";

    /** What is wrong with a use. */
    record Breach(Rule rule, String reason) {}

    private final ReferenceTable table;
    private final ClassIndex index;
    private final Set<Capability> capabilities;
    private final Findings findings;
    private final boolean strict;
    private final Map<String, Optional<Breach>> known = new HashMap<>();

    /**
     * Makes rules for one kind of classes.
     *
     * @param strict whether they are the plugin's own
     */
    ReferenceRules(boolean strict, ClassIndex index, Set<Capability> capabilities, Findings findings) {
        this.table = strict ? ReferenceTable.OWN : ReferenceTable.LIBRARY;
        this.index = index;
        this.capabilities = capabilities;
        this.findings = findings;
        this.strict = strict;
    }

    void check(ScannedClass each) {
        var breaches = new HashMap<PoolEntry, Breach>();
        for (var entry : each.model().constantPool()) {
            breachOf(entry).ifPresent(breach -> breaches.put(entry, breach));
        }
        if (breaches.isEmpty()) {
            return;
        }
        var found = new HashSet<PoolEntry>();
        new Uses(each, (member, entry, insideOwnBridge) -> {
            var breach = breaches.get(entry);
            if (breach != null) {
                found.add(entry);
                if (!insideOwnBridge) {
                    add(each, member, breach);
                }
            }
        }).walk();
        breaches.forEach((entry, breach) -> {
            // A class is also named by what only describes it, such as the list of inner classes; that uses nothing.
            if (!found.contains(entry) && !(entry instanceof ClassEntry)) {
                add(each, "", breach);
            }
        });
    }

    private void add(ScannedClass each, String member, Breach breach) {
        var lifted = breach.rule().liftedBy(each.library());
        if (lifted.filter(capabilities::contains).isPresent()) {
            return;
        }
        var remedy = breach.rule().remedy() + lifted.map(capability -> " If it must be, write Plugin-Capabilities: "
                + capability.id() + " into the manifest, and the operator decides.").orElse("");
        findings.add(new Finding(breach.rule(), each.name(), member, breach.reason(), remedy));
    }

    private Optional<Breach> breachOf(PoolEntry entry) {
        return switch (entry) {
            case MemberRefEntry member -> member(member);
            case ClassEntry type -> type(type);
            case InvokeDynamicEntry call -> bootstrap(call.bootstrap().bootstrapMethod().reference());
            case ConstantDynamicEntry constant -> bootstrap(constant.bootstrap().bootstrapMethod().reference());
            default -> Optional.empty();
        };
    }

    private Optional<Breach> type(ClassEntry entry) {
        var internal = entry.asInternalName();
        if (internal.startsWith("[")) {
            var start = internal.lastIndexOf('[') + 1;
            if (internal.charAt(start) != 'L') {
                return Optional.empty();
            }
            internal = internal.substring(start + 1, internal.length() - 1);
        }
        var name = internal.replace('/', '.');
        return known.computeIfAbsent(name, key -> {
            if (index.holds(name)) {
                return Optional.empty();
            }
            return breach(table.type(name), PlatformNames.isOfJdk(name), "uses the class " + name);
        });
    }

    private Optional<Breach> member(MemberRefEntry entry) {
        var owner = ScannedClass.nameOf(entry.owner());
        var name = entry.name().stringValue();
        var descriptor = entry.type().stringValue();
        if (owner.startsWith("[")) {
            return Optional.empty();
        }
        return known.computeIfAbsent(owner + "." + name + descriptor, key -> {
            if (strict && startsAnAgent(owner, name, descriptor)) {
                return Optional.of(new Breach(Rule.ENGINE, "calls " + owner + "." + name + " past the engine"));
            }
            if (!index.holds(owner)) {
                return ofOutside(owner, name, descriptor);
            }
            for (var outside : index.outsideOwners(owner, name, descriptor)) {
                // Its own class is allowed or not where it is extended; here it is about single methods.
                var breach = ofOutside(outside, name, descriptor);
                if (breach.isPresent()) {
                    return breach;
                }
            }
            return Optional.empty();
        });
    }

    private Optional<Breach> ofOutside(String owner, String name, String descriptor) {
        var ofJdk = PlatformNames.isOfJdk(owner);
        return breach(table.member(owner, name, descriptor, ofJdk), ofJdk, "uses " + owner + "." + name);
    }

    private Optional<Breach> breach(Optional<Optional<Rule>> said, boolean ofJdk, String reason) {
        if (said.isPresent()) {
            return said.get().map(rule -> new Breach(rule, reason));
        }
        return strict && ofJdk ? Optional.of(new Breach(Rule.JDK_TYPES, reason)) : Optional.empty();
    }

    private Optional<Breach> bootstrap(MemberRefEntry method) {
        var name = ScannedClass.nameOf(method.owner()) + "." + method.name().stringValue();
        return !strict || BOOTSTRAPS.contains(name) ? Optional.empty()
                : Optional.of(new Breach(Rule.BOOTSTRAPS, "is linked by " + name));
    }

    private boolean startsAnAgent(String owner, String name, String descriptor) {
        return (name.equals("run") && descriptor.equals(AGENT_RUN) && index.isKindOf(owner, AGENT))
                || (name.equals("call") && descriptor.contains(TOOL_CALL_END) && index.isKindOf(owner, TOOL));
    }
}
