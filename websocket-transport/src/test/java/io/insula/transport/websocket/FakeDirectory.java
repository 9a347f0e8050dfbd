package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out recorded users, and counts what is out. */
final class FakeDirectory implements UserExecutionEngine.Directory {
    final AtomicInteger leases = new AtomicInteger();
    volatile Optional<RefusedException> refusal = Optional.empty();
    /** Whoever opens an engine waits for it. */
    volatile CountDownLatch gate = new CountDownLatch(0);
    final AtomicInteger atTheGate = new AtomicInteger();
    volatile UserExecutionEngine.Readiness readiness = new UserExecutionEngine.Readiness(List.of());
    private final Set<FakeLease> held = ConcurrentHashMap.newKeySet();
    private final Map<UserId, RecordedUser> users = new ConcurrentHashMap<>();

    RecordedUser user(String subject) {
        return users.computeIfAbsent(new UserId(TestTokens.ISSUER, subject), RecordedUser::new);
    }

    /** Waits for the gate, interrupted or not: that is what the server is tested with. */
    private void pass() {
        boolean interrupted = false;
        atTheGate.incrementAndGet();
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        atTheGate.decrementAndGet();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public UserExecutionEngine.Lease open(UserId user) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        pass();
        RecordedUser recorded = users.computeIfAbsent(user, RecordedUser::new);
        leases.incrementAndGet();
        FakeLease lease = new FakeLease(recorded);
        held.add(lease);
        return lease;
    }

    /** A hold that the test can end. */
    private final class FakeLease implements UserExecutionEngine.Lease {
        private final RecordedUser recorded;
        private final CompletableFuture<ErrorCode> ended = new CompletableFuture<>();

        FakeLease(RecordedUser recorded) {
            this.recorded = recorded;
        }

        @Override
        public UserExecutionEngine engine() {
            return recorded;
        }

        @Override
        public CompletionStage<ErrorCode> ended() {
            return ended;
        }

        @Override
        public void close() {
            if (held.remove(this)) {
                leases.decrementAndGet();
            }
        }
    }

    /** Ends all engines under whoever holds them. */
    void endAll(ErrorCode why) {
        held.forEach(lease -> lease.ended.complete(why));
    }

    @Override
    public UserExecutionEngine.Readiness readiness() {
        return readiness;
    }

    @Override
    public UserExecutionEngine.Figures figures() {
        return new UserExecutionEngine.Figures(leases.get(), 2, 1, 3, 4);
    }

    @Override
    public void backup(OutputStream target) throws IOException {
        target.write("backup of all".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void shutDown(Duration drain) {}
}
