package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import org.pf4j.Extension;

/** A chain of different agents, one longer than agents may go below each other. */
public final class Levels {
    /**
     * How far the chain went.
     *
     * @param levels agents below each other, this one included
     * @param end the code with which the next one was refused
     */
    public record Depth(int levels, String end) {}

    private Levels() {}

    private static AgentResult goDeeper(AgentContext context, int level) {
        var below = context.delegate(Delegation.to("level-" + (level + 1), Depth.class));
        return switch (below) {
            case Outcome.Completed(var depth) -> say(context, new Depth(depth.levels() + 1, depth.end()));
            case Outcome.Failed(var code, var message) -> say(context, new Depth(1, code));
        };
    }

    private static AgentResult say(AgentContext context, Depth depth) {
        context.say(depth.levels() + " levels, then " + depth.end());
        return AgentResult.of(depth);
    }

    /** Level one. */
    @Extension
    @AgentInfo(name = "level-1", summary = "Level one of a chain of agents")
    public static final class LevelOne implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 1);
        }
    }

    /** Level two. */
    @Extension
    @AgentInfo(name = "level-2", summary = "Level two of a chain of agents")
    public static final class LevelTwo implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 2);
        }
    }

    /** Level three. */
    @Extension
    @AgentInfo(name = "level-3", summary = "Level three of a chain of agents")
    public static final class LevelThree implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 3);
        }
    }

    /** Level four. */
    @Extension
    @AgentInfo(name = "level-4", summary = "Level four of a chain of agents")
    public static final class LevelFour implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 4);
        }
    }

    /** Level five. */
    @Extension
    @AgentInfo(name = "level-5", summary = "Level five of a chain of agents")
    public static final class LevelFive implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 5);
        }
    }

    /** Level six. */
    @Extension
    @AgentInfo(name = "level-6", summary = "Level six of a chain of agents")
    public static final class LevelSix implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 6);
        }
    }

    /** Level seven. */
    @Extension
    @AgentInfo(name = "level-7", summary = "Level seven of a chain of agents")
    public static final class LevelSeven implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 7);
        }
    }

    /** Level eight. */
    @Extension
    @AgentInfo(name = "level-8", summary = "Level eight of a chain of agents")
    public static final class LevelEight implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 8);
        }
    }

    /** Level nine. */
    @Extension
    @AgentInfo(name = "level-9", summary = "Level nine of a chain of agents")
    public static final class LevelNine implements Agent {
        @Override
        public AgentResult run(AgentContext context) {
            return goDeeper(context, 9);
        }
    }
}
