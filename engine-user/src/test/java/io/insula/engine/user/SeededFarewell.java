package io.insula.engine.user;

import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/** A user who comes in from many sides while the platform goes away, in the order of the seed. */
final class SeededFarewell implements LongFunction<String> {
    private static final int VISITORS = 6;

    @Override
    public String apply(long seed) {
        SeededPlatform platform = new SeededPlatform(seed, EngineLimits.defaults(), false);
        ReferenceUser user = platform.reference.user(new UserId("https://issuer.test", "late"));
        for (int i = 0; i < VISITORS; i++) {
            UUID request = new UUID(seed, i);
            platform.callers.start("visitor", () -> visit(platform, user, request));
        }
        platform.callers.start("closer", () -> {
            platform.shutDown(Duration.ZERO);
            platform.time().end();
        });
        platform.run();
        return Long.toHexString(platform.threads.trace());
    }

    private static void visit(SeededPlatform platform, ReferenceUser user, UUID request) {
        try (UserExecutionEngine.Lease lease = platform.directory.open(user.id)) {
            user.leased(lease.engine());
            CompletionStage<Receipt> submitted = lease.engine()
                    .submit(new RunRequest(
                            request,
                            Optional.of(new ThreadId("t")),
                            Optional.empty(),
                            Optional.of("keeps"),
                            "input",
                            List.of(),
                            WhenBusy.ENQUEUE));
            user.gaveBack();
            submitted.whenComplete((receipt, refused) -> Reference.check(
                    refused == null || platform.reference.goingAway, "refused without a reason: ", submitted));
        } catch (RefusedException refused) {
            Reference.check(refused.code() == ErrorCode.GOING_AWAY, "refused as ", refused.code());
        }
    }
}
