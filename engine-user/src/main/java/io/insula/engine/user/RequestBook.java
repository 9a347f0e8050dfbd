package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.user.EventJournal.Appended;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Sees to it that a client's request is accepted once, however often it is sent. Used under the room's lock. */
final class RequestBook {
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
        lock.requireHeld();
        Pending underWay = pending.get(id);
        if (underWay != null) {
            requireSame(underWay.body(), body);
            return Optional.of(underWay.receipt().minimalCompletionStage());
        }
        Optional<RequestRecord> done = parts.journal().request(user, id);
        if (done.isEmpty()) {
            return Optional.empty();
        }
        requireSame(done.get().body(), body);
        return Optional.of(CompletableFuture.completedFuture(done.get().receipt()));
    }

    private static void requireSame(Record before, Record now) throws RefusedException {
        if (!before.equals(now)) {
            throw new RefusedException(
                    ErrorCode.REQUEST_REUSED,
                    "This request id was used with another body. Use a new UUID for every new request.");
        }
    }

    /**
     * Remembers the acceptance until it is durable.
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
                lock.afterwards(() -> receipt.completeExceptionally(Refusals.of(
                        ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written at the moment. Try again.")));
            }
        }));
        // Shared by all who send the request: none of them may complete it for the others.
        return receipt.minimalCompletionStage();
    }

    boolean isEmpty() {
        lock.requireHeld();
        return pending.isEmpty();
    }
}
