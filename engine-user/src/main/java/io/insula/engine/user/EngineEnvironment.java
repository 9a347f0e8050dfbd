package io.insula.engine.user;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads, given to the engine so that tests can drive them.
 *
 * @param clock the time of day, for records
 * @param nanoTime a clock that never jumps, in nanoseconds, for time limits
 * @param random makes ids that nobody can guess; safe for any number of threads
 * @param runThreads makes the fresh virtual thread of each run
 * @param platformThreads makes the few platform threads of journal and alarms
 */
public record EngineEnvironment(
        InstantSource clock,
        LongSupplier nanoTime,
        RandomGenerator random,
        ThreadFactory runThreads,
        ThreadFactory platformThreads) {}
