package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.UserEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lives of several users at once, drawn at random, each held against what was promised. A failure names its seed; put
 * it into a test of its own and mend.
 */
final class RandomLifeTest {
    private static final Duration TIME = Duration.ofSeconds(8);
    private static final int SEEDS = 400;
    private static final int USERS = 3;
    private static final int ACTIONS = 60;

    @RegisterExtension
    final Premises premises = new Premises();

    @Test
    void whateverUsersDoThePromisesHold() throws InterruptedException {
        RandomAgents agents = new RandomAgents(premises.catalog);
        long end = System.nanoTime() + TIME.toNanos();
        int done = 0;
        while (done < SEEDS && System.nanoTime() - end < 0) {
            live(++done, agents);
        }
        assertTrue(done >= 5, "too few lives were lived to say anything: " + done);
    }

    private void live(long seed, RandomAgents agents) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            // Each seed has users of its own, so that their logs begin with it.
            TestUser user = premises.user("user" + i + "-of-" + seed);
            Random random = new Random(seed * USERS + i);
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                    .start(() -> live(user, agents, random)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Throwable failure : failures) {
            throw new AssertionError("seed " + seed + " failed: " + failure.getMessage(), failure);
        }
    }

    private void live(TestUser user, RandomAgents agents, Random random) {
        RandomLife life = new RandomLife(user, agents, random);
        for (int i = 0; i < ACTIONS; i++) {
            life.act();
        }
        life.comeToAnEnd();
        check(life, agents);
    }

    private void check(RandomLife life, RandomAgents agents) {
        TestUser user = life.user();
        List<UserEvent> log = premises.log(user.id());
        AguiOrder.checkComplete(log);
        assertEquals(life.accepted().size(), log.stream()
                .filter(event -> event.json().contains("insula.run.accepted"))
                .count(), "runs accepted");
        assertTrue(agents.peak(user.id()) <= 3, "more than three at work");
        Map<RunId, Long> started = sequences(log, "RUN_STARTED");
        Map<RunId, Long> ended = sequences(log, "RUN_FINISHED");
        ended.putAll(sequences(log, "RUN_ERROR"));
        Map<String, Long> lastEnd = new HashMap<>();
        for (RandomLife.Accepted accepted : life.accepted()) {
            RunView view = user.view(accepted.run());
            boolean mayBeStopped = life.stopped().contains(accepted.run());
            assertTrue(
                    view.state() == RunState.COMPLETED || (mayBeStopped && view.state() == RunState.CANCELLED),
                    () -> "nobody stopped " + view);
            if (view.startedAt().isPresent()) {
                long start = started.getOrDefault(accepted.run(), -1L);
                assertTrue(
                        start > lastEnd.getOrDefault(accepted.thread(), 0L),
                        () -> "began before the one before it had ended: " + view);
                lastEnd.put(accepted.thread(), ended.getOrDefault(accepted.run(), Long.MAX_VALUE));
            }
            boolean shown = user.messages(accepted.thread()).stream()
                    .anyMatch(message -> message.run().equals(accepted.run()));
            assertEquals(!life.takenBack().contains(accepted.run()), shown, () -> "messages of " + view);
        }
    }

    private static Map<RunId, Long> sequences(List<UserEvent> log, String type) {
        Map<RunId, Long> found = new HashMap<>();
        for (UserEvent event : log) {
            if (event.json().startsWith("{\"type\":\"" + type + "\"")) {
                found.put(event.run(), event.sequence());
            }
        }
        return found;
    }
}
