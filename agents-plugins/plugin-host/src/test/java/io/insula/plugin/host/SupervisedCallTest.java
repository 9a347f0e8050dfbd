package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class SupervisedCallTest {
    private static SupervisedCall within(Duration limit) {
        return SupervisedCall.whileLoading(PluginFolder.DAEMONS, limit, 3);
    }

    @Test
    void gives_what_the_work_gave() throws Exception {
        assertEquals("result", within(Duration.ofSeconds(20)).run("test", () -> "result", late -> {}));
    }

    @Test
    void a_refusal_comes_through_as_it_is() {
        var problem = assertThrows(PluginProblem.class, () -> within(Duration.ofSeconds(20)).run("test", () -> {
            throw PluginProblem.refused("because");
        }, late -> {}));

        assertEquals("because", problem.getMessage());
        assertEquals(PluginState.REFUSED, problem.state());
    }

    @Test
    void whatever_else_is_thrown_is_named_without_its_text() {
        var problem = assertThrows(PluginProblem.class, () -> within(Duration.ofSeconds(20)).run("test", () -> {
            throw new OutOfMemoryError("secret");
        }, late -> {}));

        assertEquals("Its code threw java.lang.OutOfMemoryError while it was loaded; the log says where.",
                problem.getMessage());
        assertEquals(PluginState.FAILED, problem.state());
    }

    @Test
    void work_that_ignores_its_interrupt_is_given_up_and_its_late_result_discarded() {
        var release = new CountDownLatch(1);
        var discarded = new AtomicReference<>("nothing");

        var problem = assertThrows(PluginProblem.class, () -> within(Duration.ofMillis(50)).run("test", () -> {
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return "late";
        }, discarded::set));

        assertTrue(problem.getMessage().contains("did not come to an end within PT0.05S"), problem.getMessage());
        assertEquals("nothing", discarded.get());
        release.countDown();
        Await.until("the late result is discarded", () -> discarded.get().equals("late"));
    }

    @Test
    void a_caller_that_is_interrupted_gives_up_and_stays_interrupted() {
        var stopped = new AtomicBoolean();
        Thread.currentThread().interrupt();

        assertThrows(PluginProblem.class, () -> within(Duration.ofSeconds(20)).run("test", () -> {
            try {
                new CountDownLatch(1).await();
                return "never";
            } finally {
                stopped.set(true);
            }
        }, late -> {}));

        assertTrue(Thread.interrupted());
        Await.until("the work was interrupted too", stopped::get);
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
