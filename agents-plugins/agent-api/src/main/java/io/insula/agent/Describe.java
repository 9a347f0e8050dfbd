package io.insula.agent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Explains and bounds a component of a tool's record; it becomes part of the JSON schema and is checked. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Describe {
    /** What the component means, for the reader of the schema. */
    String value() default "";

    /** The least number allowed. */
    long minimum() default Long.MIN_VALUE;

    /** The greatest number allowed. */
    long maximum() default Long.MAX_VALUE;

    /** The most characters of a string, or elements of a list or map. */
    int maximumLength() default Integer.MAX_VALUE;
}
