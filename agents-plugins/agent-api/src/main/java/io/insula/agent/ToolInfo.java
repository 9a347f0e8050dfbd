package io.insula.agent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the platform must know of a {@link Tool} before it makes one. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ToolInfo {
    /** The name shown to users and language models: 1 to 64 lower case letters, digits and hyphens. */
    String name();

    /** What it does, in one or two sentences, at most 1,000 characters. */
    String summary();

    /** What it does to the world. The default is the most careful answer. */
    Effect effect() default Effect.IRREVERSIBLE;
}
