package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.user.JournalLanes.Turn;
import io.insula.engine.user.JournalTask.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has a turn in a batch, and how large it is. */
final class JournalLanesTest {
    private static final UserId ADA = Premises.id("ada");
    private static final UserId BEN = Premises.id("ben");
    private static final int MOST_TASKS = 8;
    private static final int FEWEST_TASKS = 4;
    private static final int BATCH_TASKS = 1_024;
    private static final int TURN_CHARACTERS = 64 << 10;
    private static final int BATCH_CHARACTERS = 4 << 20;
    private static final Duration LONGEST_REST = Duration.ofMillis(5);

    private final FakeAlarms time = new FakeAlarms();
    private final JournalLanes lanes = new JournalLanes(EngineLimits.defaults(), time::nanoTime, time::after);

    private static JournalTask task(int characters) {
        return new JournalTask(new Work.Write(new JournalAppend()
                .event(new ThreadId("t"), new RunId("r"), "x".repeat(characters))));
    }

    private void add(UserId user, int tasks) {
        for (int i = 0; i < tasks; i++) {
            assertTrue(lanes.add(user, task(1)));
        }
    }

    /** The next batch, without a turn if nobody may have one now. */
    private List<Turn> take() {
        lanes.wake();
        return lanes.take(true).orElseThrow();
    }

    /** How many tasks of whom are in the next batch. */
    private static List<Integer> sizes(List<Turn> batch) {
        return batch.stream().map(turn -> turn.tasks().size()).toList();
    }

    private static List<UserId> users(List<Turn> batch) {
        return batch.stream().map(Turn::user).toList();
    }

    private void write(List<Turn> batch, Duration takes) {
        time.advance(takes);
        batch.forEach(lanes::giveBack);
    }

    @Test
    void aUserAloneHasSoManyTasksInABatch() {
        add(ADA, MOST_TASKS);
        List<Turn> whole = take();
        assertEquals(List.of(MOST_TASKS), sizes(whole));
        write(whole, Duration.ZERO);

        add(ADA, MOST_TASKS + 1);
        List<Turn> first = take();
        assertEquals(List.of(MOST_TASKS), sizes(first));
        write(first, Duration.ZERO);
        assertEquals(List.of(1), sizes(take()));
    }

    @Test
    void turnsAreSmallerWhereManyWaitAndNeverTooSmall() {
        List<UserId> crowd = IntStream.range(0, BATCH_TASKS / FEWEST_TASKS + 1)
                .mapToObj(number -> Premises.id("user-" + number)).toList();
        int atMost = BATCH_TASKS / MOST_TASKS;
        crowd.stream().limit(atMost).forEach(user -> add(user, MOST_TASKS));
        List<Turn> allAtMost = take();
        assertEquals(List.of(MOST_TASKS), sizes(allAtMost).stream().distinct().toList());
        write(allAtMost, Duration.ZERO);

        crowd.stream().limit(atMost + 1L).forEach(user -> add(user, MOST_TASKS));
        List<Turn> smaller = take();
        assertEquals(atMost + 1, smaller.size());
        assertEquals(List.of(MOST_TASKS - 1), sizes(smaller).stream().distinct().toList());
    }

    @Test
    void aBatchIsFullAtSoManyTasksOrCharactersAndWhoIsLeftOverIsNext() {
        List<UserId> crowd = IntStream.range(0, BATCH_TASKS / FEWEST_TASKS + 1)
                .mapToObj(number -> Premises.id("user-" + number)).toList();
        crowd.forEach(user -> add(user, FEWEST_TASKS + 1));
        List<Turn> full = take();
        assertEquals(BATCH_TASKS, sizes(full).stream().mapToInt(Integer::intValue).sum());
        assertEquals(List.of(crowd.getLast()), users(take()));

        JournalLanes other = new JournalLanes(EngineLimits.defaults(), time::nanoTime, time::after);
        other.add(ADA, task(BATCH_CHARACTERS - 1));
        other.add(BEN, task(1));
        other.add(crowd.getFirst(), task(1));
        assertEquals(List.of(ADA, BEN), users(other.take(false).orElseThrow()));
    }

    @Test
    void theTaskThatReachesTheCharactersOfATurnIsItsLast() {
        lanes.add(ADA, task(TURN_CHARACTERS - 1));
        add(ADA, 2);
        List<Turn> below = take();
        assertEquals(List.of(2), sizes(below));
        write(below, Duration.ZERO);
        write(take(), Duration.ZERO);

        lanes.add(ADA, task(TURN_CHARACTERS));
        add(ADA, 2);
        assertEquals(List.of(1), sizes(take()));
    }

    @Test
    void whoHasMoreWaitingThanATurnRestsAsLongAsItTook() {
        Duration took = Duration.ofMillis(2);
        add(ADA, MOST_TASKS + 1);
        write(take(), took);

        add(BEN, 1);
        List<Turn> meanwhile = take();
        assertEquals(List.of(BEN), users(meanwhile));
        write(meanwhile, Duration.ZERO);

        time.advance(took.minusNanos(1));
        add(BEN, 1);
        meanwhile = take();
        assertEquals(List.of(BEN), users(meanwhile));
        write(meanwhile, Duration.ZERO);
        time.advance(Duration.ofNanos(1));
        assertEquals(List.of(ADA), users(take()));
    }

    @Test
    void whoeverWaitsForABatchIsWokenWhenARestIsOver() {
        Duration took = Duration.ofMillis(2);
        add(ADA, MOST_TASKS + 1);
        write(take(), took);
        // It was woken before, and need not have been.
        assertEquals(Optional.of(List.of()), lanes.take(true));
        CompletableFuture<List<UserId>> next = new CompletableFuture<>();
        Thread writer = Thread.ofPlatform().daemon(true)
                .start(() -> next.complete(users(lanes.take(true).orElseThrow())));
        Await.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);

        time.advance(took);
        assertEquals(List.of(ADA), Await.value(next));
    }

    @Test
    void nobodyRestsForWhatOthersWroteNorForLongerThanTheLongestRest() {
        add(ADA, MOST_TASKS + 1);
        add(BEN, MOST_TASKS);
        write(take(), Duration.ofMillis(2));
        time.advance(Duration.ofMillis(1));
        List<Turn> rested = take();
        assertEquals(List.of(ADA), users(rested));
        write(rested, Duration.ZERO);

        add(ADA, MOST_TASKS + 1);
        write(take(), LONGEST_REST.plusNanos(MOST_TASKS));
        time.advance(LONGEST_REST);
        assertEquals(List.of(ADA), users(take()));
    }

    @Test
    void whoHasNothingMoreWaitingDoesNotRest() {
        add(ADA, MOST_TASKS);
        write(take(), Duration.ofMillis(2));
        add(ADA, 1);
        assertEquals(List.of(ADA), users(take()));
    }

    @Test
    void whoHadNoMoreWaitingThanATurnTakesGoesOnAtOnceWithWhatCameMeanwhile() {
        add(ADA, MOST_TASKS);
        List<Turn> batch = take();
        add(ADA, 1);
        write(batch, Duration.ofMillis(2));
        List<Turn> next = take();
        assertEquals(List.of(ADA), users(next));
        add(ADA, 2 * MOST_TASKS);
        write(next, Duration.ofMillis(2));
        List<Turn> full = take();
        assertEquals(List.of(MOST_TASKS), sizes(full));
        write(full, Duration.ofMillis(2));
        assertEquals(List.of(), take());
    }

    @Test
    void restsEndWhenNobodyWaitsForThem() {
        add(ADA, 2 * MOST_TASKS + 1);
        write(take(), Duration.ofMillis(2));
        List<Turn> asked = lanes.take(false).orElseThrow();
        assertEquals(List.of(ADA), users(asked));
        write(asked, Duration.ofMillis(2));

        lanes.close();
        List<Turn> last = take();
        assertEquals(List.of(1), sizes(last));
        write(last, Duration.ofMillis(2));
        assertEquals(Optional.empty(), lanes.take(true));
        time.advance(Duration.ofMillis(5));
        assertEquals(Optional.empty(), lanes.take(true));
    }
}
