package io.insula.engine.user;

import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserExecutionEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Follows the log of a user, and reads only when it is told that there is more. */
final class SeededFollower implements Runnable {
    final ReferenceUser user;
    private final EventSubscription subscription;
    private final Runnable whenEnded;
    private final Semaphore news = new Semaphore(1);
    private final List<UserEvent> seen = new ArrayList<>();
    private boolean ends;

    SeededFollower(ReferenceUser user, UserExecutionEngine engine, SubscribeFrom from,
            Runnable whenEnded) throws RefusedException {
        this.user = user;
        this.subscription = engine.subscribe(from, news::release);
        this.whenEnded = whenEnded;
    }

    @Override
    public void run() {
        try {
            while (!ends) {
                news.acquire();
                news.drainPermits();
                read();
            }
        } catch (InterruptedException | RefusedException e) {
            throw new AssertionError("a follower was sent away", e);
        } finally {
            subscription.close();
            whenEnded.run();
        }
    }

    private void read() throws RefusedException {
        List<UserEvent> events = subscription.poll(3, 1 << 20).events();
        while (!events.isEmpty()) {
            seen.addAll(events);
            events = subscription.poll(3, 1 << 20).events();
        }
    }

    /**
     * What it has seen must be the log from where it began, with nothing left out or twice.
     *
     * @param toTheEnd whether it must have seen everything; who is cut off need not
     */
    void check(EventJournal journal, boolean toTheEnd) {
        List<UserEvent> log =
                journal.read(user.id, subscription.from().sequence(), Integer.MAX_VALUE, Integer.MAX_VALUE);
        boolean complete = !toTheEnd || seen.size() == log.size();
        Reference.check(
                complete && seen.equals(log.subList(0, Math.min(seen.size(), log.size()))),
                "a follower from " + subscription.from() + " has seen " + seen.size() + " of ",
                log.size());
    }

    /** Up to where it has seen everything. */
    Position position() {
        return seen.isEmpty() ? subscription.from()
                : new Position(subscription.from().epoch(), seen.getLast().sequence());
    }

    void end() {
        ends = true;
        news.release();
    }
}
