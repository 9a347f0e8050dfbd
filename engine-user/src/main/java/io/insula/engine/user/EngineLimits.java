package io.insula.engine.user;

import java.time.Duration;

/**
 * Everything that is bounded in the engine, in one place. {@link #defaults()} gives the documented values.
 *
 * @param user what one user may use
 * @param run what one run may use
 * @param platform what all users together may use
 */
public record EngineLimits(User user, Run run, Platform platform) {
    /** The documented values. */
    public static EngineLimits defaults() {
        return new EngineLimits(User.defaults(), Run.defaults(), Platform.defaults());
    }

    /**
     * What one user may use. A request beyond it is refused with a code and consumes nothing.
     *
     * @param runsAtOnce runs at work at the same time; further ones wait (3)
     * @param queuedRuns runs that wait for their turn; then {@code queue-full} (32)
     * @param unfinishedRuns runs that have not ended, those that wait for an answer included; then {@code queue-full}
     *     (100)
     * @param inputBytes size of an input or answer as UTF-8; then {@code input-too-large} (64 KiB)
     * @param attachmentBytes size of one attachment; then {@code attachment-too-large} (64 MiB)
     * @param attachmentsBytes size of all attachments together; then {@code attachments-full} (256 MiB)
     * @param attachments number of attachments; then {@code attachments-full} (1,000)
     * @param unfinishedUploads uploads in pieces that are not whole; then {@code uploads-full} (4)
     * @param uploadExpiry an upload in pieces that is not whole is deleted after this time; then {@code upload-unknown}
     *     (24 h)
     * @param storeBytes size of what plugins keep for the user, as UTF-8; then {@code store-full} (16 MiB)
     * @param threads threads kept; then {@code records-full} (10,000)
     * @param runsKept ended runs kept; the oldest are forgotten first (10,000)
     * @param messagesPerThread messages kept in a thread; the oldest are forgotten first (2,000)
     * @param eventsKept events kept; the oldest are forgotten first, but none of a run that has not ended (100,000)
     * @param eventBytesKept size of the events kept; the oldest are forgotten first; a run that alone writes more fails
     *     with {@code run-too-large} (16 MiB)
     * @param eventsAge age of events kept (30 days)
     * @param requestsKept how long a request id is remembered beyond its run (7 days)
     * @param requestsCount request ids remembered; the oldest are forgotten first (100,000)
     * @param waitingBytes events waiting for the journal; then the agent that emits waits (1 MiB)
     * @param idleEviction an engine without lease and run is evicted after this time (5 min)
     * @param abandonedRunsPerPlugin runs of one plugin that ignore their stop; then its new runs are refused with
     *     {@code plugin-unhealthy} until one ends (3)
     * @param resources things that plugins keep for the user; then the plugin's call fails (64)
     */
    public record User(
            int runsAtOnce,
            int queuedRuns,
            int unfinishedRuns,
            int inputBytes,
            long attachmentBytes,
            long attachmentsBytes,
            int attachments,
            int unfinishedUploads,
            Duration uploadExpiry,
            long storeBytes,
            int threads,
            int runsKept,
            int messagesPerThread,
            int eventsKept,
            long eventBytesKept,
            Duration eventsAge,
            Duration requestsKept,
            int requestsCount,
            int waitingBytes,
            Duration idleEviction,
            int abandonedRunsPerPlugin,
            int resources) {
        /** Checks that every limit is positive. */
        public User {
            positive("runs at once", runsAtOnce);
            positive("queued runs", queuedRuns);
            positive("unfinished runs", unfinishedRuns);
            positive("input bytes", inputBytes);
            positive("attachment bytes", attachmentBytes);
            positive("bytes of all attachments", attachmentsBytes);
            positive("attachments", attachments);
            positive("unfinished uploads", unfinishedUploads);
            positive("expiry of uploads", uploadExpiry);
            positive("store bytes", storeBytes);
            positive("threads", threads);
            positive("runs kept", runsKept);
            positive("messages per thread", messagesPerThread);
            positive("events kept", eventsKept);
            positive("bytes of events kept", eventBytesKept);
            positive("age of events", eventsAge);
            positive("time to keep requests", requestsKept);
            positive("requests remembered", requestsCount);
            positive("bytes waiting for the journal", waitingBytes);
            positive("idle time before eviction", idleEviction);
            positive("abandoned runs per plugin", abandonedRunsPerPlugin);
            positive("resources", resources);
        }

        /** The documented values. */
        public static User defaults() {
            return new User(
                    3,
                    32,
                    100,
                    64 << 10,
                    64L << 20,
                    256L << 20,
                    1_000,
                    4,
                    Duration.ofHours(24),
                    16L << 20,
                    10_000,
                    10_000,
                    2_000,
                    100_000,
                    16L << 20,
                    Duration.ofDays(30),
                    Duration.ofDays(7),
                    100_000,
                    1 << 20,
                    Duration.ofMinutes(5),
                    3,
                    64);
        }
    }

    /**
     * What one run may use.
     *
     * @param deadline time from start to end for agents that name none, without the time spent waiting for answers; then
     *     the run ends as timed out (10 min)
     * @param maxDeadline the longest deadline that an agent may name; longer ones are cut to it (2 h)
     * @param delegationDepth agents below each other, the first counted as one; then the delegation fails (8)
     * @param delegationFanOut sub-agents of one call at work at once; further ones follow (8)
     * @param steps steps, tool calls and sub-agents in all; then the run fails with {@code run-too-large} (1,000)
     * @param events events in all; then the run fails with {@code run-too-large} (50,000)
     * @param messageCharacters length of one message or thought; then the run fails with {@code run-too-large} (1 Mi)
     * @param deltaCharacters length of the text in one event; longer texts are split over several (16 Ki)
     * @param toolResultBytes size of a tool's or agent's result as JSON; then {@code result-too-large} (1 MiB)
     * @param openFiles attachments open for reading at once; then opening fails (16)
     * @param questionExpiry how long a question can be answered (24 h)
     * @param stopGrace after a stop, how long a run may take to notice before it counts as abandoned (2 s)
     * @param progressInterval progress events come at most this often (100 ms)
     * @param recordedBytes size of what is recorded so that the run can be resumed; then the run fails with
     *     {@code run-too-large} (16 MiB)
     * @param attempts how often a run may be begun, again after each interruption; then it fails with
     *     {@code interrupted} (5)
     * @param suspendAfter how long a resumable run waits for an answer before it gives up its thread (1 min)
     * @param agentWait how long a run that was accepted waits for its agent, if that is not loaded when its turn comes;
     *     then it fails with {@code agent-unknown} (1 min)
     */
    public record Run(
            Duration deadline,
            Duration maxDeadline,
            int delegationDepth,
            int delegationFanOut,
            int steps,
            int events,
            int messageCharacters,
            int deltaCharacters,
            int toolResultBytes,
            int openFiles,
            Duration questionExpiry,
            Duration stopGrace,
            Duration progressInterval,
            int recordedBytes,
            int attempts,
            Duration suspendAfter,
            Duration agentWait) {
        /** Checks that every limit is positive. */
        public Run {
            positive("deadline", deadline);
            positive("longest deadline", maxDeadline);
            positive("delegation depth", delegationDepth);
            positive("delegation fan-out", delegationFanOut);
            positive("steps", steps);
            positive("events per run", events);
            positive("message characters", messageCharacters);
            positive("delta characters", deltaCharacters);
            positive("tool result bytes", toolResultBytes);
            positive("open files", openFiles);
            positive("question expiry", questionExpiry);
            positive("grace after a stop", stopGrace);
            positive("progress interval", progressInterval);
            positive("recorded bytes", recordedBytes);
            positive("attempts of a run", attempts);
            positive("wait before suspension", suspendAfter);
            positive("wait for an agent", agentWait);
        }

        /** The documented values. */
        public static Run defaults() {
            return new Run(
                    Duration.ofMinutes(10),
                    Duration.ofHours(2),
                    8,
                    8,
                    1_000,
                    50_000,
                    1 << 20,
                    16 << 10,
                    1 << 20,
                    16,
                    Duration.ofHours(24),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(100),
                    16 << 20,
                    5,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1));
        }
    }

    /**
     * What all users together may use.
     *
     * @param runsAtOnce runs at work at the same time; further ones wait, users taking turns (1,000)
     * @param runsAccepted runs that have not ended; then {@code platform-busy} (20,000)
     * @param engines live engines; then {@code platform-busy} (20,000)
     * @param waitingBytes events waiting for the journal; then {@code platform-busy} (64 MiB)
     * @param journalBytes size of what the journal keeps of all users, on disk; then {@code journal-unavailable} (64 GiB)
     * @param lastRead how long a shutdown waits for those who follow and have not read all; then they are cut off (2 s)
     */
    public record Platform(
            int runsAtOnce,
            int runsAccepted,
            int engines,
            long waitingBytes,
            long journalBytes,
            Duration lastRead) {
        /** Checks that every limit is positive. */
        public Platform {
            positive("runs at once", runsAtOnce);
            positive("runs accepted", runsAccepted);
            positive("engines", engines);
            positive("bytes waiting for the journal", waitingBytes);
            positive("bytes of the journal", journalBytes);
            positive("time for the last read", lastRead);
        }

        /** The documented values. */
        public static Platform defaults() {
            return new Platform(1_000, 20_000, 20_000, 64L << 20, 64L << 30, Duration.ofSeconds(2));
        }
    }

    private static void positive(String what, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " must be more than 0, is " + value);
        }
    }

    private static void positive(String what, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + " must be more than 0, is " + value);
        }
    }
}
