package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That what is kept for those who follow is what the journal would give them, and no more than allowed. */
final class RecentEventsTest {
    private static final UserId ADA = Premises.id("ada");
    private static final UserId BOB = Premises.id("bob");
    private static final int MANY = 1_000;

    private final RecentEvents recent = new RecentEvents();

    /** What a turn of these events leaves, the first of which has this sequence. */
    private static List<JournalTask> turn(long first, int events, int characters) {
        JournalAppend append = new JournalAppend();
        for (int i = 0; i < events; i++) {
            append.event(new ThreadId("t"), new RunId("r"), "x".repeat(characters));
        }
        JournalTask task = new JournalTask(new JournalTask.Work.Write(append));
        task.done(new Appended("epoch", first + events - 1));
        return List.of(task);
    }

    private void write(UserId user, long first, int events, int characters) {
        recent.note(user, turn(first, events, characters));
        recent.publish();
    }

    private Optional<List<Long>> read(UserId user, long after) {
        return recent.read(user, after, MANY, 1 << 30)
                .map(events -> events.stream().map(UserEvent::sequence).toList());
    }

    private static Optional<List<Long>> from(long first, long last) {
        return Optional.of(LongStream.rangeClosed(first, last).boxed().toList());
    }

    @Test
    void whoFollowsReadsWhatWasWrittenSince() {
        recent.begin(ADA);
        write(ADA, 6, 3, 10);
        write(ADA, 9, 2, 10);
        assertEquals(from(6, 10), read(ADA, 5));
        assertEquals(from(8, 10), read(ADA, 7));
        assertEquals(from(10, 10), read(ADA, 9));
        assertEquals(Optional.of(List.of()), read(ADA, 10));
    }

    @Test
    void theJournalIsAskedForWhatIsNotHere() {
        assertEquals(Optional.empty(), read(ADA, 0));
        recent.begin(ADA);
        assertEquals(Optional.empty(), read(ADA, 0));
        write(ADA, 6, 3, 10);
        assertEquals(Optional.empty(), read(ADA, 4));
        assertEquals(Optional.empty(), read(ADA, 9));
        assertEquals(Optional.empty(), read(BOB, 5));
    }

    @Test
    void aReadStopsAtItsNumberAndBehindTheEventThatReachesItsSize() {
        recent.begin(ADA);
        write(ADA, 1, 10, 10);
        assertEquals(3, recent.read(ADA, 2, 3, 1 << 20).orElseThrow().size());
        assertEquals(1, recent.read(ADA, 0, 10, 1).orElseThrow().size());
        assertEquals(2, recent.read(ADA, 0, 10, 20).orElseThrow().size());
        assertEquals(3, recent.read(ADA, 0, 10, 21).orElseThrow().size());
    }

    @Test
    void whatIsNotFollowedOrNotWrittenIsNotKept() {
        write(ADA, 1, 1, 1);
        recent.begin(ADA);
        assertEquals(Optional.empty(), read(ADA, 0));
        write(ADA, 2, 0, 1);
        JournalTask failed = new JournalTask(new JournalTask.Work.Write(new JournalAppend()
                .event(new ThreadId("t"), new RunId("r"), "x")));
        failed.done(new Appended("epoch", 2));
        failed.failed(new JournalException("failed"));
        JournalTask opened = new JournalTask(new JournalTask.Work.Open());
        opened.done(new Appended("epoch", 0));
        recent.note(ADA, List.of(failed, opened));
        recent.publish();
        assertEquals(Optional.empty(), read(ADA, 1));
    }

    @Test
    void whatIsNotDurableYetIsNotToBeRead() {
        recent.begin(ADA);
        write(ADA, 1, 1, 1);
        recent.note(ADA, turn(2, 1, 1));
        assertEquals(from(1, 1), read(ADA, 0));
        recent.clear();
        recent.publish();
        assertEquals(Optional.empty(), read(ADA, 1));
    }

    @Test
    void nothingIsLeftOfWhatWasErased() {
        RecentEvents.Tail tail = recent.begin(ADA);
        write(ADA, 1, 3, 10);
        JournalTask erased = new JournalTask(new JournalTask.Work.Erase());
        erased.done(new Appended("epoch", 0));
        recent.note(ADA, List.of(erased));
        recent.publish();
        assertEquals(Optional.empty(), read(ADA, 0));
        assertEquals(0, tail.turns());

        List<JournalTask> tasks = new ArrayList<>(turn(1, 2, 10));
        tasks.add(erased);
        tasks.addAll(turn(1, 1, 10));
        recent.note(ADA, tasks);
        recent.publish();
        assertEquals(from(1, 1), read(ADA, 0));
    }

    @Test
    void behindAHoleOnlyWhatCameAfterItIsHere() {
        recent.begin(ADA);
        write(ADA, 1, 3, 10);
        write(ADA, 5, 2, 10);
        assertEquals(Optional.empty(), read(ADA, 2));
        assertEquals(Optional.empty(), read(ADA, 3));
        assertEquals(from(5, 6), read(ADA, 4));
    }

    @Test
    void nothingIsLeftOfAUserWhoIsNoLongerFollowed() {
        RecentEvents.Tail first = recent.begin(ADA);
        write(ADA, 1, 3, 10);
        recent.note(ADA, turn(4, 1, 10));
        recent.end(ADA, first);
        recent.publish();
        assertEquals(Optional.empty(), read(ADA, 0));
        assertEquals(0, recent.users());
        assertEquals(0, first.turns());

        recent.begin(ADA);
        recent.end(ADA, first);
        write(ADA, 1, 1, 10);
        assertEquals(from(1, 1), read(ADA, 0));
    }

    @Test
    void whatMayBecomeKnownLaterIsLeftToTheJournal() {
        recent.begin(ADA);
        write(ADA, 1, 3, 10);
        recent.clear();
        assertEquals(Optional.empty(), read(ADA, 3));
        assertEquals(Optional.empty(), read(ADA, 0));
        write(ADA, 5, 1, 10);
        assertEquals(from(5, 5), read(ADA, 4));
    }

    @Test
    void soMuchIsKeptOfAllUsersAndTheOldestGoesFirst() {
        int half = (int) (RecentEvents.MOST_CHARACTERS / 2);
        recent.begin(ADA);
        recent.begin(BOB);
        write(ADA, 1, 1, half);
        write(BOB, 1, 1, half);
        assertEquals(from(1, 1), read(ADA, 0));
        assertEquals(from(1, 1), read(BOB, 0));
        write(BOB, 2, 1, 1);
        assertEquals(Optional.empty(), read(ADA, 0));
        assertEquals(Optional.of(List.of()), read(ADA, 1));
        assertEquals(from(1, 2), read(BOB, 0));
        write(ADA, 2, 1, half);
        assertEquals(Optional.empty(), read(BOB, 0));
        assertEquals(from(2, 2), read(BOB, 1));
        assertEquals(from(2, 2), read(ADA, 1));
    }

    @Test
    void whatWasForgottenTakesNoRoom() {
        int half = (int) (RecentEvents.MOST_CHARACTERS / 2);
        recent.begin(ADA);
        write(ADA, 1, 2, half);
        recent.clear();
        write(ADA, 3, 1, half);
        write(ADA, 4, 1, half);
        assertEquals(from(3, 4), read(ADA, 2));
    }

    @Test
    void soManyTurnsAreKeptOfAUser() {
        recent.begin(ADA);
        List<Long> all = new ArrayList<>();
        for (long i = 1; i <= RecentEvents.MOST_TURNS; i++) {
            write(ADA, i, 1, 1);
            all.add(i);
        }
        assertEquals(Optional.of(all), read(ADA, 0));
        write(ADA, RecentEvents.MOST_TURNS + 1, 1, 1);
        assertEquals(Optional.empty(), read(ADA, 0));
        assertEquals(from(2, RecentEvents.MOST_TURNS + 1), read(ADA, 1));
    }
}
