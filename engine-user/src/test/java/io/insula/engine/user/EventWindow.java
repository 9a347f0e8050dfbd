package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.engine.api.UserEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The latest events of one user. Guarded by the lock of its {@link UserLog}. */
final class EventWindow {
    private final EngineLimits.User limits;
    private final ArrayList<Kept> events = new ArrayList<>();
    /** How many entries at the front of the list are forgotten but not yet cut off. */
    private int forgotten;

    private long head;
    private long bytes;

    private record Kept(UserEvent event, Instant at) {}

    EventWindow(EngineLimits.User limits) {
        this.limits = limits;
    }

    long head() {
        return head;
    }

    long start() {
        return head - (events.size() - forgotten) + 1;
    }

    long bytes() {
        return bytes;
    }

    void add(JournalAppend.EventDraft draft, Instant at) {
        head++;
        events.add(new Kept(new UserEvent(head, draft.thread(), draft.run(), draft.json()), at));
        bytes += draft.json().length();
    }

    List<UserEvent> after(long sequence, int maxEvents, int maxBytes) {
        List<UserEvent> found = new ArrayList<>();
        long size = 0;
        int index = forgotten + Math.clamp(sequence - (start() - 1), 0, events.size() - forgotten);
        while (index < events.size() && found.size() < maxEvents && size < maxBytes) {
            UserEvent event = events.get(index++).event();
            found.add(event);
            size += event.json().length();
        }
        return found;
    }

    /** Forgets what is over the limits, oldest first, up to the first event of a run that has not ended. */
    void trim(Instant now, Predicate<RunId> unfinished) {
        Instant oldest = now.minus(limits.eventsAge());
        while (forgotten < events.size()) {
            Kept first = events.get(forgotten);
            boolean over = events.size() - forgotten > limits.eventsKept()
                    || bytes > limits.eventBytesKept()
                    || first.at().isBefore(oldest);
            if (!over || unfinished.test(first.event().run())) {
                break;
            }
            bytes -= first.event().json().length();
            forgotten++;
        }
        // Cutting off one by one would move the whole list each time.
        if (forgotten > 1_000 && forgotten > events.size() / 2) {
            events.subList(0, forgotten).clear();
            forgotten = 0;
        }
    }
}
