package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a process that goes down leaves to the next one. */
final class HandoverTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    @Test
    void whatARunThatGoesOnLaterHasOnItsWayIsSeenBeforeTheEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch speaks = new CountDownLatch(1);
        CountDownLatch said = new CountDownLatch(1);
        AtomicBoolean opened = new AtomicBoolean();
        restarts.catalog.addResumable("talks", context -> {
            begun.countDown();
            speaks.await();
            context.say("last words");
            said.countDown();
            if (!opened.get()) {
                new CountDownLatch(1).await();
            }
            return AgentResult.done();
        });
        TestUser ada = restarts.user("ada");
        EventSubscription reads = ada.engine().subscribe(new SubscribeFrom.Start(), () -> {});
        RunId run = ada.start("t", "talks", "");
        Await.open(begun);
        restarts.flush("ada");
        assertFalse(text(reads).contains("last words"));
        CountDownLatch held = new CountDownLatch(1);
        restarts.holdWriter(held);
        speaks.countDown();
        Await.open(said);

        Thread down = Thread.ofVirtual().start(() -> restarts.directory().shutDown(Duration.ZERO));
        restarts.awaitThreadsGone();
        restarts.awaitLooks(down);
        held.countDown();
        StringBuilder seen = new StringBuilder();
        Await.until("the last words are seen", () -> seen.append(text(reads)).indexOf("last words") >= 0);
        Await.until("the platform is down", () -> !down.isAlive());

        opened.set(true);
        restarts.forget();
        restarts.restart();
        restarts.user("ada").expect(run, RunState.COMPLETED);
        assertEquals(List.of("", "last words"), restarts.user("ada").texts("t"));
    }

    private static String text(EventSubscription reads) {
        try {
            return reads.poll(100, 1 << 20).events().toString();
        } catch (RefusedException refused) {
            throw new AssertionError(refused);
        }
    }
}
