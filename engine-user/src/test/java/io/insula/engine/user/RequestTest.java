package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RequestTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final AtomicInteger calls = new AtomicInteger();

    RequestTest() {
        premises.catalog.add("count", context -> {
            calls.incrementAndGet();
            return AgentResult.done();
        });
    }

    private static RunRequest request(UUID id, String input) {
        return new RunRequest(
                id,
                Optional.of(new ThreadId("t")),
                Optional.empty(),
                Optional.of("count"),
                input,
                List.of(),
                WhenBusy.ENQUEUE);
    }

    private static RunRequest withRun(String run, Optional<String> agent) {
        return new RunRequest(
                UUID.randomUUID(),
                Optional.of(new ThreadId("t")),
                Optional.of(new RunId(run)),
                agent,
                "",
                List.of(),
                WhenBusy.ENQUEUE);
    }

    @Test
    void theSameRequestIsRunOnceAndGetsTheSameReceipt() {
        RunRequest request = request(UUID.randomUUID(), "hello");
        Receipt first = Await.value(ada.engine().submit(request));
        ada.awaitEnd(first.run());
        Receipt again = Await.value(ada.engine().submit(request));

        assertEquals(first, again);
        assertEquals(1, calls.get());
    }

    @Test
    void theSameRequestWithAnotherBodyIsRefused() {
        UUID id = UUID.randomUUID();
        Receipt first = Await.value(ada.engine().submit(request(id, "hello")));

        assertEquals(
                ErrorCode.REQUEST_REUSED,
                Await.refusal(ada.engine().submit(request(id, "other"))).code());
        ada.awaitEnd(first.run());
        assertEquals(1, calls.get());
    }

    @Test
    void aRequestSentByFiftyThreadsAtOnceRunsOnce() {
        RunRequest request = request(UUID.randomUUID(), "hello");
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<CompletableFuture<Receipt>> receipts = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, 50)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    Await.open(go);
                    receipts.add(ada.engine().submit(request).toCompletableFuture());
                }))
                .toList();
        go.countDown();
        Await.until("all have sent", () -> threads.stream().noneMatch(Thread::isAlive));
        Set<Receipt> different = new HashSet<>();
        receipts.forEach(receipt -> different.add(Await.value(receipt)));

        assertEquals(50, receipts.size());
        assertEquals(1, different.size());
        ada.expect(different.iterator().next().run(), RunState.COMPLETED);
        assertEquals(1, calls.get());
    }

    @Test
    void whoWaitsForAReceiptCannotSpoilItForOthers() {
        RunRequest request = request(UUID.randomUUID(), "hello");
        CompletableFuture<Receipt> impatient = ada.engine().submit(request).toCompletableFuture();
        CompletableFuture<Receipt> patient = ada.engine().submit(request).toCompletableFuture();
        impatient.cancel(true);

        ada.expect(Await.value(patient).run(), RunState.COMPLETED);
    }

    @Test
    void aRefusedRequestConsumesNothingAndMayBeSentAgain() {
        UUID id = UUID.randomUUID();
        premises.catalog.remove("count");
        assertEquals(
                ErrorCode.AGENT_UNKNOWN,
                Await.refusal(ada.engine().submit(request(id, "hello"))).code());
        assertThrows(RefusedException.class, () -> ada.engine().messages(new ThreadId("t"), PageRequest
                .first()));
        assertEquals(List.of(), premises.log(ada.id()));

        premises.catalog.add("count", context -> AgentResult.done());
        ada.expect(Await.value(ada.engine().submit(request(id, "hello"))).run(), RunState.COMPLETED);
    }

    @Test
    void aRunIdThatWasUsedIsRefusedAlsoAfterItsEnd() {
        Receipt first = Await.value(ada.engine().submit(withRun("r", Optional.of("count"))));
        assertEquals(new RunId("r"), first.run());
        assertEquals(
                ErrorCode.RUN_EXISTS,
                Await.refusal(ada.engine().submit(withRun("r", Optional.of("count")))).code());
        ada.awaitEnd(first.run());
        assertEquals(
                ErrorCode.RUN_EXISTS,
                Await.refusal(ada.engine().submit(withRun("r", Optional.of("count")))).code());
    }

    @Test
    void theAgentFollowsFromTheThreadAndMustBeNamedInANewOne() {
        assertEquals(
                ErrorCode.AGENT_REQUIRED,
                Await.refusal(ada.engine().submit(withRun("a", Optional.empty()))).code());
        ada.run("t", "count", "");
        Receipt receipt = Await.value(ada.engine().submit(withRun("b", Optional.empty())));

        ada.expect(receipt.run(), RunState.COMPLETED);
        assertEquals("count", ada.view(receipt.run()).agent());
    }

    @Test
    void anInputIsRefusedFromTheFirstByteOverItsLimit() {
        int limit = premises.limits.user().inputBytes();
        String most = "ä".repeat(limit / 2);

        assertEquals(
                ErrorCode.INPUT_TOO_LARGE,
                Await.refusal(ada.engine().submit(request(UUID.randomUUID(), most + "x"))).code());
        ada.expect(Await.value(ada.engine().submit(request(UUID.randomUUID(), most))).run(), RunState.COMPLETED);
    }

    @Test
    void anUnknownAgentIsRefusedWithTheNearestName() {
        RefusedException refused = Await.refusal(ada.submit("t", "cuont", "", WhenBusy.ENQUEUE));

        assertEquals("No agent \"cuont\" is loaded. Did you mean \"count\"? Loaded: count.", refused.getMessage());
    }
}
