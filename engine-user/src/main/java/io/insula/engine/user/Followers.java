package io.insula.engine.user;

import io.insula.agent.UserId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Who follows a user's log: the user's one room. */
final class Followers {
    private final ConcurrentMap<UserId, Runnable> followers = new ConcurrentHashMap<>();

    EventJournal.Following add(UserId user, Runnable written) {
        if (followers.putIfAbsent(user, written) != null) {
            throw new IllegalStateException("the user's log is followed already: a user has one room");
        }
        return () -> followers.remove(user, written);
    }

    void tell(UserId user) {
        Runnable follower = followers.get(user);
        if (follower != null) {
            follower.run();
        }
    }
}
