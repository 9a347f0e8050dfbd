package io.insula.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.MessageWriter;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.UserStore;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedTool;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.UserExecutionEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One engine, and nothing beside it that could be another. */
final class EngineRules {
    /** Names that an engine, or a part that stands before, around or beside one, would have. */
    private static final Pattern ENGINE_NAME = Pattern.compile(
            ".*Engines?(Adapter|Wrapper|Factory|Legacy|Facade|Proxy|Bridge|Delegate|Decorator|Manager|Registry|Pool|Impl|Base|V?[0-9]+)?"
                    + "|(Legacy|Abstract|Default|New)Engine.*|Legacy.*|.*Legacy");

    private EngineRules() {}

    static List<Rule> all() {
        return List.of(
                Rule.of("one-engine",
                        classes().that(implement(UserExecutionEngine.class)).should(new BeTheOnlyEngine()).because(
                                "a user has one engine, and who could make another could give a user's data to somebody else")),
                Rule.of("engine-names", noClasses().that()
                        .doNotHaveFullyQualifiedName(UserExecutionEngine.class.getName())
                        .should(haveAnEngineName()).because(
                                "a second engine begins as a wrapper, an adapter or a legacy form of the first")),
                Rule.of("engine-shapes", noClasses().that().resideOutsideOfPackage(Shipped.ENGINE_USER)
                        .should()
                        .beAssignableTo(describe("what only an engine gives out", EngineRules::isGivenOutByAnEngine))
                        .because(
                                "whoever gives out contexts, subscriptions or leases is an engine, whatever its name")),
                Rule.of("agent-starts", noClasses().that().resideOutsideOfPackage(Shipped.ENGINE_USER)
                        .should()
                        .accessTargetWhere(describe("an agent or a tool is made or called", EngineRules::startsAnAgent))
                        .because(
                                "only the user's engine runs agents: directly, by reference, through a lambda or a subtype")));
    }

    private static DescribedPredicate<JavaClass> implement(Class<?> type) {
        return describe("implement " + type.getSimpleName(),
                each -> each.isAssignableTo(type) && !each.isEquivalentTo(type));
    }

    private static ArchCondition<JavaClass> haveAnEngineName() {
        return new ArchCondition<>("be named like an engine") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean matches = ENGINE_NAME.matcher(item.getSimpleName()).matches();
                events.add(new SimpleConditionEvent(item, matches,
                        "Class <" + item.getName() + "> is named like an engine"));
            }
        };
    }

    private static boolean isGivenOutByAnEngine(JavaClass type) {
        return !type.getPackageName().equals(Shipped.AGENT) && !type.getPackageName().equals(Shipped.ENGINE_API)
                && List.of(AgentContext.class, ToolContext.class, MessageWriter.class, UserStore.class,
                        EventSubscription.class,
                        UserExecutionEngine.class, UserExecutionEngine.Directory.class, UserExecutionEngine.Lease.class)
                        .stream().anyMatch(type::isAssignableTo);
    }

    private static boolean startsAnAgent(JavaAccess<?> access) {
        // A class that implements a generic interface calls its own method from a bridge that the compiler made.
        if (access.getOrigin().getModifiers().contains(JavaModifier.BRIDGE)) {
            return false;
        }
        var owner = access.getTargetOwner();
        var name = access.getTarget().getName();
        return (name.equals("run") && owner.isAssignableTo(Agent.class))
                || (name.equals("call") && owner.isAssignableTo(Tool.class))
                || (name.equals("newAgent") && owner.isAssignableTo(AgentLease.class))
                || (name.equals("newTool") && owner.isAssignableTo(HostedTool.class));
    }

    /** Hidden in engine-user, under a name that is no engine's, and alone. */
    private static final class BeTheOnlyEngine extends ArchCondition<JavaClass> {
        private final List<String> found = new ArrayList<>();

        BeTheOnlyEngine() {
            super("be exactly one, package-private in " + Shipped.ENGINE_USER + " and not named like an engine");
        }

        @Override
        public void init(java.util.Collection<JavaClass> items) {
            found.clear();
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            found.add(item.getName());
            boolean hidden = item.getPackageName().equals(Shipped.ENGINE_USER)
                    && !item.getModifiers().contains(JavaModifier.PUBLIC)
                    && !item.getModifiers().contains(JavaModifier.PROTECTED)
                    && !ENGINE_NAME.matcher(item.getSimpleName()).matches();
            events.add(new SimpleConditionEvent(item, hidden,
                    "Class <" + item.getName() + "> implements UserExecutionEngine and is not hidden in "
                            + Shipped.ENGINE_USER));
        }

        @Override
        public void finish(ConditionEvents events) {
            events.add(new SimpleConditionEvent(found, found.size() == 1,
                    "There must be one class that implements UserExecutionEngine; there are " + found.size() + ": "
                            + found));
        }
    }
}
