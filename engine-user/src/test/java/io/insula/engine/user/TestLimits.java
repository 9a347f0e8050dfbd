package io.insula.engine.user;

import java.time.Duration;

/** Limits that differ from the documented ones in what a test is about. */
final class TestLimits {
    private static final EngineLimits DEFAULTS = EngineLimits.defaults();

    private TestLimits() {}

    static EngineLimits platform(int runsAtOnce, int runsAccepted, int engines) {
        EngineLimits.Platform platform = DEFAULTS.platform();
        return new EngineLimits(
                DEFAULTS.user(),
                DEFAULTS.run(),
                new EngineLimits.Platform(
                        runsAtOnce, runsAccepted, engines, platform.waitingBytes(), platform.journalBytes(),
                        platform.lastRead()));
    }

    static EngineLimits run(int steps, int events, int messageCharacters, int resultBytes) {
        EngineLimits.Run run = DEFAULTS.run();
        return new EngineLimits(
                DEFAULTS.user(),
                new EngineLimits.Run(
                        run.deadline(),
                        run.maxDeadline(),
                        run.delegationDepth(),
                        run.delegationFanOut(),
                        steps,
                        events,
                        messageCharacters,
                        run.deltaCharacters(),
                        resultBytes,
                        run.openFiles(),
                        run.questionExpiry(),
                        run.stopGrace(),
                        run.progressInterval(),
                        run.recordedBytes(),
                        run.attempts(),
                        run.suspendAfter(),
                        run.agentWait()),
                DEFAULTS.platform());
    }

    /** What the journal keeps of a user. */
    record Kept(
            int events, long eventBytes, Duration age, Duration requests, int requestsCount, int waitingBytes) {
        static Kept defaults() {
            EngineLimits.User user = DEFAULTS.user();
            return new Kept(
                    user.eventsKept(),
                    user.eventBytesKept(),
                    user.eventsAge(),
                    user.requestsKept(),
                    user.requestsCount(),
                    user.waitingBytes());
        }

        Kept withEvents(int count) {
            return new Kept(count, eventBytes, age, requests, requestsCount, waitingBytes);
        }

        Kept withEventBytes(long bytes) {
            return new Kept(events, bytes, age, requests, requestsCount, waitingBytes);
        }

        Kept withRequestsCount(int count) {
            return new Kept(events, eventBytes, age, requests, count, waitingBytes);
        }

        Kept withWaitingBytes(int bytes) {
            return new Kept(events, eventBytes, age, requests, requestsCount, bytes);
        }
    }

    static EngineLimits kept(Kept kept) {
        return user(kept, DEFAULTS.user().attachmentBytes(), DEFAULTS.user().attachmentsBytes(),
                DEFAULTS.user().storeBytes());
    }

    static EngineLimits stored(long attachmentBytes, long attachmentsBytes, long storeBytes) {
        return user(Kept.defaults(), attachmentBytes, attachmentsBytes, storeBytes);
    }

    /** How many things a user may have. */
    record Counts(int unfinishedRuns, int attachments) {
        static Counts defaults() {
            return new Counts(DEFAULTS.user().unfinishedRuns(), DEFAULTS.user().attachments());
        }
    }

    static EngineLimits counted(int unfinishedRuns, int attachments) {
        EngineLimits.User user = DEFAULTS.user();
        return user(Kept.defaults(), new Counts(unfinishedRuns, attachments), user.attachmentBytes(),
                user.attachmentsBytes(), user.storeBytes());
    }

    /** What one attachment may have, and all together, in bytes and in number. */
    static EngineLimits attachments(long one, long all, int count) {
        EngineLimits.User user = DEFAULTS.user();
        return user(Kept.defaults(), new Counts(user.unfinishedRuns(), count), one, all, user.storeBytes());
    }

    private static EngineLimits user(Kept kept, long attachmentBytes, long attachmentsBytes, long storeBytes) {
        return user(kept, Counts.defaults(), attachmentBytes, attachmentsBytes, storeBytes);
    }

    private static EngineLimits user(
            Kept kept, Counts counts, long attachmentBytes, long attachmentsBytes, long storeBytes) {
        EngineLimits.User user = DEFAULTS.user();
        return new EngineLimits(
                new EngineLimits.User(
                        user.runsAtOnce(),
                        user.queuedRuns(),
                        counts.unfinishedRuns(),
                        user.inputBytes(),
                        attachmentBytes,
                        attachmentsBytes,
                        counts.attachments(),
                        user.unfinishedUploads(),
                        user.uploadExpiry(),
                        storeBytes,
                        user.threads(),
                        user.runsKept(),
                        user.messagesPerThread(),
                        kept.events(),
                        kept.eventBytes(),
                        kept.age(),
                        kept.requests(),
                        kept.requestsCount(),
                        kept.waitingBytes(),
                        user.idleEviction(),
                        user.abandonedRunsPerPlugin(),
                        user.resources()),
                DEFAULTS.run(),
                DEFAULTS.platform());
    }
}
