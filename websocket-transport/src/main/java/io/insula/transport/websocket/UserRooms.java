package io.insula.transport.websocket;

import io.insula.agent.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What the transport keeps for each user who is here: how many connections and uploads, and how fast messages may come.
 * A user's room goes when the last of them goes, but not before as many messages may come at once as to a new one: else
 * whoever comes back would have them anew. Safe for any number of threads.
 */
final class UserRooms {
    /** What somebody wants to be let in for. */
    enum Purpose {
        CONNECTION, UPLOAD, READ
    }

    /** Whether somebody was let in. */
    sealed interface Entry {
        /** Let in; to be left with {@link UserRooms#leave}. */
        record Granted(Place place) implements Entry {}

        /** This user comes too often: every entry counts as a message. */
        record TooOften(Duration retryAfter) implements Entry {}

        /** This user has as many as one may. */
        record UserFull() implements Entry {}

        /** All users together have as many as there may be. */
        record AllFull() implements Entry {}
    }

    /**
     * A place in a user's room.
     *
     * @param user whose room it is
     * @param purpose what for
     * @param messages how fast the user's messages may come, over all connections
     */
    record Place(UserId user, Purpose purpose, TokenBucket messages) {}

    /** One user's room; only changed inside {@link ConcurrentMap#compute}. */
    private record Room(int connections, int uploads, int reads, TokenBucket messages) {
        int count(Purpose purpose) {
            return switch (purpose) {
                case CONNECTION -> connections;
                case UPLOAD -> uploads;
                case READ -> reads;
            };
        }

        Room with(Purpose purpose, int change) {
            return switch (purpose) {
                case CONNECTION -> new Room(connections + change, uploads, reads, messages);
                case UPLOAD -> new Room(connections, uploads + change, reads, messages);
                case READ -> new Room(connections, uploads, reads + change, messages);
            };
        }

        boolean isOver(long nowNanos) {
            return connections == 0 && uploads == 0 && reads == 0 && messages.isFull(nowNanos);
        }
    }

    private final ConcurrentMap<UserId, Room> rooms = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final TransportLimits limits;
    private final LongSupplier nanoTime;

    UserRooms(TransportLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    Entry enter(UserId user, Purpose purpose) {
        AtomicInteger total = total(purpose);
        if (total.incrementAndGet() > mostInAll(purpose)) {
            total.decrementAndGet();
            return new Entry.AllFull();
        }
        Entry entry = enterRoom(user, purpose);
        if (!(entry instanceof Entry.Granted)) {
            total.decrementAndGet();
        }
        return entry;
    }

    /**
     * Leaves a place for one of another purpose, which does not count as a message: who is in has paid for it.
     *
     * @return as by {@link #enter}; the old place is left in any case
     */
    Entry exchange(Place place, Purpose purpose) {
        AtomicInteger total = total(purpose);
        Entry entry = new Entry.AllFull();
        if (total.incrementAndGet() <= mostInAll(purpose)) {
            entry = enterRoom(place, purpose);
        }
        if (!(entry instanceof Entry.Granted)) {
            total.decrementAndGet();
        }
        leave(place);
        return entry;
    }

    void leave(Place place) {
        rooms.computeIfPresent(place.user(), (user, room) -> {
            Room left = room.with(place.purpose(), -1);
            return left.isOver(nanoTime.getAsLong()) ? null : left;
        });
        total(place.purpose()).decrementAndGet();
    }

    /** Lets rooms go that were kept behind their last connection. */
    void beat() {
        rooms.keySet().forEach(user -> rooms.computeIfPresent(
                user, (key, room) -> room.isOver(nanoTime.getAsLong()) ? null : room));
    }

    /** How many users have a room. */
    int size() {
        return rooms.size();
    }

    private Entry enterRoom(UserId user, Purpose purpose) {
        var entries = new ArrayList<Entry>(1);
        rooms.compute(user, (key, present) -> {
            Room room = present == null ? new Room(0, 0, 0, newBucket()) : present;
            Duration wait = room.messages().take(nanoTime.getAsLong());
            if (!wait.isZero()) {
                entries.add(new Entry.TooOften(wait));
                return room;
            }
            if (room.count(purpose) >= mostOfOne(purpose)) {
                entries.add(new Entry.UserFull());
                return room;
            }
            entries.add(new Entry.Granted(new Place(user, purpose, room.messages())));
            return room.with(purpose, 1);
        });
        return entries.getFirst();
    }

    private Entry enterRoom(Place from, Purpose purpose) {
        var entries = new ArrayList<Entry>(1);
        // The place that is held keeps the room.
        rooms.computeIfPresent(from.user(), (user, room) -> {
            if (room.count(purpose) >= mostOfOne(purpose)) {
                entries.add(new Entry.UserFull());
                return room;
            }
            entries.add(new Entry.Granted(new Place(user, purpose, from.messages())));
            return room.with(purpose, 1);
        });
        return entries.getFirst();
    }

    private TokenBucket newBucket() {
        TransportLimits.Messages messages = limits.messages();
        return new TokenBucket(messages.perMinute(), messages.burst(), nanoTime.getAsLong());
    }

    private AtomicInteger total(Purpose purpose) {
        return switch (purpose) {
            case CONNECTION -> connections;
            case UPLOAD -> uploads;
            case READ -> reads;
        };
    }

    private int mostInAll(Purpose purpose) {
        return switch (purpose) {
            case CONNECTION -> limits.connections().total();
            case UPLOAD -> limits.http().uploads();
            // Each keeps a thread, so that there are never more.
            case READ -> limits.http().threads();
        };
    }

    private int mostOfOne(Purpose purpose) {
        return switch (purpose) {
            case CONNECTION -> limits.connections().perUser();
            case UPLOAD -> limits.http().uploadsPerUser();
            case READ -> limits.http().readsPerUser();
        };
    }
}
