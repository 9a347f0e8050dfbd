package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunView;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that begins to wait for an answer to a question that the journal has lost. */
final class LostQuestionTest {
    private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicReference<Thread> asking = new AtomicReference<>();

    /** Threads for runs begin when the gate is open. */
    @RegisterExtension
    final Premises premises = new Premises(EngineLimits.defaults(), threads -> work -> threads.newThread(() -> {
        Await.open(gate.get());
        work.run();
    }));

    private final TestUser ada = premises.user("ada");

    /** A run whose question is lost, and whose end nobody has written yet. */
    private RunId lostRun() {
        premises.catalog.addResumable("asks", context -> {
            premises.flush(ada);
            premises.failingWrites.set(1);
            premises.holdsWrites.set(true);
            asking.set(Thread.currentThread());
            throw new AssertionError("answered: " + context.ask(new Question.Approval("?")));
        });
        RunId run = ada.start("t", "asks", "");
        Await.until("it waits for its answer", () -> {
            Thread thread = asking.get();
            return thread != null && thread.getState() == Thread.State.WAITING;
        });
        gate.set(new CountDownLatch(1));
        premises.holdsWrites.set(false);
        premises.flush(ada);
        return run;
    }

    private List<UserEvent> ends() {
        return premises.log(ada.id()).stream()
                .filter(event -> event.json().contains("RUN_FINISHED") || event.json().contains("RUN_ERROR"))
                .toList();
    }

    @Test
    void endsOnceAlsoIfItIsStoppedWhileThePlatformGoesAway() {
        RunId run = lostRun();
        Thread down = premises.beginShutDown(Duration.ofHours(1));
        Await.until("the platform goes away", () -> Await.refusal(ada.submit("other", "none", "", WhenBusy.ENQUEUE))
                .code() == ErrorCode.GOING_AWAY);
        CompletionStage<RunView> stopped = ada.engine().cancel(run);
        gate.get().countDown();
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE.word(), Await.value(stopped).code().orElseThrow());
        Await.until("the platform is down", () -> !down.isAlive());
        assertEquals(1, ends().size());
    }
}
