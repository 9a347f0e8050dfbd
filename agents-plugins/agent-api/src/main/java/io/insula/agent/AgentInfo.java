package io.insula.agent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the platform must know of an {@link Agent} before it makes one. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AgentInfo {
    /** The name users call it by: 1 to 64 lower case letters, digits and hyphens, beginning with a letter. */
    String name();

    /** One sentence for the list of agents, at most 200 characters. */
    String summary();

    /** The time a run may take, in ISO 8601 ({@code PT2M}); empty means the platform's default of ten minutes. */
    String deadline() default "";

    /**
     * Whether a run may be started again from the top after a restart, with its recorded results played back. True
     * only if everything that the agent does outside its own memory goes through its context, in an order that depends
     * on nothing else.
     */
    boolean resumable() default false;

    /**
     * Other versions of the plugin whose interrupted runs this agent can resume, because it does the same in the same
     * order as theirs. Runs of the same version are resumed in any case, those of versions not named here never.
     */
    String[] compatibleWith() default {};
}
