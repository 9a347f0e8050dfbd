package io.insula.engine.user;

import io.insula.agent.UserId;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the platform has promised and decided, kept in plain collections: the model that every schedule is held against.
 * It is told of each decision in the moment it is made, and says at once if it must not be.
 */
final class Reference {
    final EngineLimits limits;
    final boolean writesFail;
    private final SeededTime time;
    private final Map<String, ReferenceUser> users = new TreeMap<>();
    private int accepted;
    private int everAccepted;
    private int lostEnds;
    private int submitting;
    private int atWork;
    boolean goingAway;

    Reference(EngineLimits limits, boolean writesFail, SeededTime time) {
        this.limits = limits;
        this.writesFail = writesFail;
        this.time = time;
    }

    ReferenceUser user(UserId user) {
        return users.computeIfAbsent(user.subject(), subject -> new ReferenceUser(user, this));
    }

    Iterable<ReferenceUser> users() {
        return users.values();
    }

    long now() {
        return time.nanoTime();
    }

    /** How much time has passed because everybody waited, whoever should not have. */
    long waited() {
        return time.jumpedNanos();
    }

    void runAccepted() {
        accepted++;
        everAccepted++;
        // What is in no room does not count; it comes back whatever was accepted meanwhile.
        int away = users.values().stream()
                .mapToInt(user -> user.runs().mayHaveBeenAway())
                .sum();
        check(
                accepted <= limits.platform().runsAccepted() + lostEnds + away,
                "more runs accepted than the platform takes: ",
                accepted);
    }

    /** A request was accepted again, which takes a place until the journal refuses it. */
    void runTakenInAgain() {
        everAccepted++;
    }

    void runEnded() {
        accepted--;
    }

    /** One that had ended goes on: its end was not written, and others may have been accepted in its place. */
    void runGoesOn() {
        accepted++;
        lostEnds++;
    }

    void submits(boolean underWay) {
        submitting += underWay ? 1 : -1;
    }

    /** Whether the platform can have been full: a run still counts for a moment when it has ended. */
    boolean mayBeFull() {
        return everAccepted + submitting > limits.platform().runsAccepted();
    }

    void worksMore(int change) {
        atWork += change;
        check(atWork <= limits.platform().runsAtOnce(), "more runs at work than the platform has places: ", atWork);
    }

    boolean allEnded() {
        return users.values().stream().allMatch(user -> user.runs().allEnded());
    }

    /** The platform has crashed, and the journal is what it is. */
    void crashed(EventJournal journal) {
        submitting = 0;
        users.values().forEach(
                user -> user.crashed(journal.read(user.id, 0, Integer.MAX_VALUE, Integer.MAX_VALUE)));
    }

    /** Says what must hold, also in code whose caller catches everything. */
    static void check(boolean holds, String broken, Object what) {
        if (!holds) {
            AssertionError promise = new AssertionError(broken + what);
            SeededThreads.broken(promise);
            throw promise;
        }
    }
}
