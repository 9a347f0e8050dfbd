package io.insula.transport.websocket;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What every connection needs and none owns. Nothing in it belongs to a user.
 *
 * @param limits what is bounded
 * @param reader reads what clients say
 * @param messages writes what the server says on a connection
 * @param bodies writes what the server says over HTTP
 * @param counts what has happened
 * @param executor platform threads: agents may keep every carrier of virtual threads busy
 * @param clock the wall clock, for what tokens say
 * @param nanoTime a clock that never jumps, for how long things take
 */
record Surroundings(
        TransportLimits limits,
        MessageReader reader,
        ServerMessages messages,
        ResponseBodies bodies,
        TransportCounts counts,
        Executor executor,
        InstantSource clock,
        LongSupplier nanoTime) {}
