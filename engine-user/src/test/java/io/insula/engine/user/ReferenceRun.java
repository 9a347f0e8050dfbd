package io.insula.engine.user;

import static io.insula.engine.user.Reference.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What is known of one run from what was decided about it. */
final class ReferenceRun {
    final String id;
    final String thread;
    final String agent;
    /** How many events of the user had been decided when this was accepted. */
    final int acceptedAt;

    int startedAt = Integer.MAX_VALUE;
    int endedAt = Integer.MAX_VALUE;
    End end = End.NONE;
    long startNanos;
    long endNanos;
    /** How much time everybody had waited when it began, and when it ended. */
    long waitedAtStart;
    long waitedAtEnd;
    boolean durable;
    /** Whether something that was decided about it was not written. */
    boolean lostSomething;
    /** Whether the platform crashed before it had ended. */
    boolean wasCutOff;
    boolean hidden;
    /** Whether it was asked to stop, by whatever means. */
    boolean stopAsked;
    boolean hasAsked;
    int said;
    final Set<String> open = new HashSet<>();
    /** Questions that were lost on their way to the log. */
    final Set<String> neverAsked = new HashSet<>();
    /** Answers by question. */
    final Map<String, Boolean> answers = new LinkedHashMap<>();

    final Set<String> durableAnswers = new HashSet<>();

    /** How it ended. */
    enum End {
        NONE, COMPLETED, CANCELLED, FAILED, TIMED_OUT, NEVER_WAS
    }

    ReferenceRun(String id, String thread, String agent, int acceptedAt) {
        this.id = id;
        this.thread = thread;
        this.agent = agent;
        this.acceptedAt = acceptedAt;
    }

    /** Whether its agent waits for nothing but its turn. */
    boolean isBusy() {
        return agent.equals("quick") || agent.equals("keeps") || agent.equals("fails");
    }

    boolean isResumable() {
        return agent.equals(SeededAgents.RESUMABLE);
    }

    /** Whether it may have been held up by what befell the platform. */
    boolean isOutOfTime() {
        return lostSomething || wasCutOff;
    }

    boolean hasEnded() {
        return end != End.NONE;
    }

    /** What was decided about it is durable. */
    void keep(DecidedEvent event) {
        if (event.kind == DecidedEvent.Kind.CLOSED) {
            durableAnswers.add(event.text("question"));
        } else if (event.kind == DecidedEvent.Kind.ACCEPTED) {
            durable = true;
        }
    }

    /**
     * What was decided about it is lost: it never happened.
     *
     * @param at how many events of the user have been decided
     */
    void takeBack(DecidedEvent event, int at) {
        switch (event.kind) {
            case ACCEPTED -> {
                check(!hasEnded(), "ended before it was known to be accepted: ", this);
                end = End.NEVER_WAS;
                endedAt = at;
            }
            case STARTED -> startedAt = Integer.MAX_VALUE;
            case COMPLETED, CANCELLED, FAILED -> {
                end = End.NONE;
                endedAt = Integer.MAX_VALUE;
            }
            case ASKED -> {
                open.remove(event.text("question"));
                neverAsked.add(event.text("question"));
            }
            case CLOSED -> {
                if (!neverAsked.contains(event.text("question"))) {
                    open.add(event.text("question"));
                }
                answers.remove(event.text("question"));
            }
            case SAID -> said--;
            case HIDDEN, OTHER -> {
                // It says nothing of this run.
            }
        }
    }

    /** Whether it had been accepted and not ended at some time between these. */
    boolean wasUnfinishedBetween(int begin, int end) {
        return acceptedAt <= end && endedAt > begin;
    }

    @Override
    public String toString() {
        return agent + " " + id + " in " + thread + " ended as " + end;
    }
}
