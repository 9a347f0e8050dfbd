package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.JournalAppend.EventDraft;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was just written of users who are followed, so that it need not be read from the disk again for those who follow.
 * Only what is durable comes in here, and whatever is not here is in the journal. Read by any thread, written by one.
 */
final class RecentEvents {
    /** Characters of all users; then the oldest are dropped. */
    static final long MOST_CHARACTERS = 4L << 20;
    /** Turns of one user; then the oldest is dropped. */
    static final int MOST_TURNS = 256;

    private final ConcurrentMap<UserId, Tail> tails = new ConcurrentHashMap<>();
    /** What is kept, the oldest first. Used by the writer alone, as {@link #characters} is. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private long characters;

    /** What turns of users who are followed have written in the batch under way. Used by the writer alone. */
    private final List<Written> pending = new ArrayList<>();

    /** @param erased whether all that was before is gone */
    private record Written(Tail tail, boolean erased, List<UserEvent> events) {}

    private record Kept(Tail tail, long last, long characters) {}

    /** Keeps what is written of the user from now on, until {@link #end}. */
    Tail begin(UserId user) {
        Tail tail = new Tail();
        tails.put(user, tail);
        return tail;
    }

    /** Forgets what is kept of the user. Later calls do nothing. */
    void end(UserId user, Tail tail) {
        tails.remove(user, tail);
        tail.end();
    }

    /** Takes what the tasks of a user have written, if the user is followed. It is not to be read yet. */
    void note(UserId user, List<JournalTask> tasks) {
        Tail tail = tails.get(user);
        if (tail == null) {
            return;
        }
        List<UserEvent> events = new ArrayList<>();
        boolean erased = false;
        for (JournalTask task : tasks) {
            Optional<Appended> place = task.place();
            if (task.work() instanceof JournalTask.Work.Erase) {
                erased = true;
                events.clear();
            } else if (place.isPresent() && task.work() instanceof JournalTask.Work.Write(JournalAppend append)) {
                long sequence = place.get().last() - append.events().size();
                for (EventDraft event : append.events()) {
                    sequence++;
                    events.add(new UserEvent(sequence, event.thread(), event.run(), event.json()));
                }
            }
        }
        pending.add(new Written(tail, erased, List.copyOf(events)));
    }

    /** What was noted is durable now, and nobody has been told yet. */
    void publish() {
        for (Written turn : pending) {
            if (turn.erased()) {
                turn.tail().clear();
            }
            if (!turn.events().isEmpty()) {
                keep(turn.tail(), turn.events());
            }
        }
        pending.clear();
        while (characters > MOST_CHARACTERS) {
            Kept oldest = kept.remove();
            oldest.tail().dropUpTo(oldest.last());
            characters -= oldest.characters();
        }
    }

    private void keep(Tail tail, List<UserEvent> events) {
        long size = events.stream().mapToLong(event -> event.json().length()).sum();
        tail.add(events);
        kept.add(new Kept(tail, events.getLast().sequence(), size));
        characters += size;
    }

    /**
     * Forgets everything, also what was noted: of a batch that failed it is not known yet whether it stands, and what of
     * it stands is for the journal to say.
     */
    void clear() {
        pending.clear();
        tails.values().forEach(Tail::clear);
        kept.clear();
        characters = 0;
    }

    /**
     * The events behind a sequence, as {@link EventJournal#read} gives them; empty if it is for the journal to say what
     * they are.
     */
    Optional<List<UserEvent>> read(UserId user, long after, int maxEvents, int maxBytes) {
        Tail tail = tails.get(user);
        return tail == null ? Optional.empty() : tail.read(after, maxEvents, maxBytes);
    }

    /** How many users are followed. */
    int users() {
        return tails.size();
    }

    /** The latest events of one user, without holes. */
    static final class Tail {
        private static final long UNKNOWN = -1;

        private final ReentrantLock lock = new ReentrantLock();
        // Guarded by lock, as everything below.
        private final Deque<List<UserEvent>> turns = new ArrayDeque<>();
        private long last = UNKNOWN;
        private boolean ended;

        /** How many turns are kept. */
        int turns() {
            lock.lock();
            try {
                return turns.size();
            } finally {
                lock.unlock();
            }
        }

        private void add(List<UserEvent> events) {
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                if (events.getFirst().sequence() != last + 1) {
                    turns.clear();
                }
                turns.add(events);
                last = events.getLast().sequence();
                if (turns.size() > MOST_TURNS) {
                    turns.remove();
                }
            } finally {
                lock.unlock();
            }
        }

        private void dropUpTo(long sequence) {
            lock.lock();
            try {
                while (!turns.isEmpty() && turns.getFirst().getLast().sequence() <= sequence) {
                    turns.remove();
                }
            } finally {
                lock.unlock();
            }
        }

        private void clear() {
            lock.lock();
            try {
                turns.clear();
                last = UNKNOWN;
            } finally {
                lock.unlock();
            }
        }

        private void end() {
            lock.lock();
            try {
                ended = true;
                turns.clear();
                last = UNKNOWN;
            } finally {
                lock.unlock();
            }
        }

        private Optional<List<UserEvent>> read(long after, int maxEvents, int maxBytes) {
            lock.lock();
            try {
                if (last == UNKNOWN || after > last) {
                    return Optional.empty();
                }
                if (after == last) {
                    return Optional.of(List.of());
                }
                Deque<List<UserEvent>> wanted = behind(after);
                boolean whole = !wanted.isEmpty() && wanted.getFirst().getFirst().sequence() <= after + 1;
                return whole ? Optional.of(take(wanted, after, maxEvents, maxBytes)) : Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** The turns with something behind the sequence. Most readers are near the end. */
        private Deque<List<UserEvent>> behind(long after) {
            Deque<List<UserEvent>> wanted = new ArrayDeque<>();
            Iterator<List<UserEvent>> latest = turns.descendingIterator();
            boolean more = true;
            while (more && latest.hasNext()) {
                List<UserEvent> turn = latest.next();
                wanted.addFirst(turn);
                more = turn.getFirst().sequence() > after + 1;
            }
            return wanted;
        }

        private static List<UserEvent> take(
                Deque<List<UserEvent>> turns, long after, int maxEvents, int maxBytes) {
            List<UserEvent> found = new ArrayList<>();
            long bytes = 0;
            for (List<UserEvent> turn : turns) {
                for (UserEvent event : turn) {
                    if (found.size() >= maxEvents || bytes >= maxBytes) {
                        return found;
                    }
                    if (event.sequence() > after) {
                        found.add(event);
                        bytes += event.json().length();
                    }
                }
            }
            return found;
        }
    }
}
