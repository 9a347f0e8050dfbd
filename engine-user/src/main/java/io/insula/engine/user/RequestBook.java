package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.RequestKnownException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a client's request is accepted once, however often it is sent. Used under the room's lock. */
final class RequestBook {
    private static final Logger LOG = LoggerFactory.getLogger(RequestBook.class);

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    /** Requests whose acceptance is not durable yet. Guarded by {@link #lock}. */
    private final Map<UUID, Pending> pending = new OccasionalMap<>();

    private record Pending(Record body, CompletableFuture<Receipt> receipt) {}

    RequestBook(UserId user, RoomLock lock, RoomParts parts) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
    }

    /**
     * The receipt of a request that was sent before.
     *
     * @throws RefusedException if it was sent with another body
     */
    Optional<CompletionStage<Receipt>> find(UUID id, Record body) throws RefusedException {
        Optional<CompletionStage<Receipt>> underWay = findUnderWay(id, body);
        if (underWay.isPresent()) {
            return underWay;
        }
        Optional<RequestRecord> done = parts.journal().request(user, id);
        if (done.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(CompletableFuture.completedFuture(receipt(done.get(), body)));
    }

    /**
     * The receipt of a request that was sent before and whose acceptance is not durable yet. Does not look into the
     * journal, which refuses to accept one twice.
     *
     * @throws RefusedException if it was sent with another body
     */
    Optional<CompletionStage<Receipt>> findUnderWay(UUID id, Record body) throws RefusedException {
        lock.requireHeld();
        Pending underWay = pending.get(id);
        if (underWay == null) {
            return Optional.empty();
        }
        requireSame(underWay.body(), body);
        return Optional.of(underWay.receipt().minimalCompletionStage());
    }

    private static Receipt receipt(RequestRecord before, Record body) throws RefusedException {
        requireSame(before.body(), body);
        return before.receipt();
    }

    private static void requireSame(Record before, Record now) throws RefusedException {
        if (!before.equals(now)) {
            throw new RefusedException(
                    ErrorCode.REQUEST_REUSED,
                    "This request id was used with another body. Use a new UUID for every new request.");
        }
    }

    /**
     * Remembers the acceptance until it is durable. If the journal knows the request, it gets the receipt that it got
     * before.
     *
     * @param accepted the record of the request
     * @param appended what holds it, appended just now under the same hold of the lock
     * @param then told, under the room's lock, whether it is durable
     */
    CompletionStage<Receipt> accept(
            RecordChange.RequestAccepted accepted, CompletionStage<Appended> appended, Consumer<Boolean> then) {
        lock.requireHeld();
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        pending.put(accepted.id(), new Pending(accepted.body(), receipt));
        appended.whenComplete((place, failure) -> lock.run(() -> {
            pending.remove(accepted.id());
            then.accept(failure == null);
            if (failure == null) {
                lock.afterwards(() -> receipt.complete(new Receipt(
                        accepted.run(), accepted.thread(), place.positionBefore(accepted.eventsBehind()))));
            } else {
                lock.afterwards(() -> tell(receipt, accepted, failure));
            }
        }));
        // Shared by all who send the request: none of them may complete it for the others.
        return receipt.minimalCompletionStage();
    }

    /** Tells who sends a request that it was accepted before, or else why it is not accepted now. */
    private void tell(CompletableFuture<Receipt> receipt, RecordChange.RequestAccepted accepted, Throwable failure) {
        try {
            Optional<RequestRecord> before = before(accepted.id(), failure);
            if (before.isPresent()) {
                receipt.complete(receipt(before.get(), accepted.body()));
            } else {
                receipt.completeExceptionally(Refusals.unwritten(failure));
            }
        } catch (RefusedException refused) {
            receipt.completeExceptionally(refused);
        }
    }

    private Optional<RequestRecord> before(UUID id, Throwable failure) {
        if (RunAppends.cause(failure) instanceof RequestKnownException known) {
            return Optional.of(known.before());
        }
        try {
            // What is not written now may have been before all the same.
            return parts.journal().request(user, id);
        } catch (RuntimeException unread) {
            LOG.warn("a request cannot be looked up exception={}", Faults.describe(unread));
            return Optional.empty();
        }
    }

    boolean isEmpty() {
        lock.requireHeld();
        return pending.isEmpty();
    }
}
