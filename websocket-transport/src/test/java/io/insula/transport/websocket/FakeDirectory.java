package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out recorded users, and counts what is out. */
final class FakeDirectory implements UserExecutionEngine.Directory {
    final AtomicInteger leases = new AtomicInteger();
    volatile Optional<RefusedException> refusal = Optional.empty();
    private final Map<UserId, RecordedUser> users = new ConcurrentHashMap<>();

    RecordedUser user(String subject) {
        return users.computeIfAbsent(new UserId(TestTokens.ISSUER, subject), RecordedUser::new);
    }

    @Override
    public UserExecutionEngine.Lease open(UserId user) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        RecordedUser recorded = users.computeIfAbsent(user, RecordedUser::new);
        leases.incrementAndGet();
        var open = new AtomicBoolean(true);
        return new UserExecutionEngine.Lease() {
            @Override
            public UserExecutionEngine engine() {
                return recorded;
            }

            @Override
            public void close() {
                if (open.getAndSet(false)) {
                    leases.decrementAndGet();
                }
            }
        };
    }

    @Override
    public void shutDown(Duration drain) {}
}
