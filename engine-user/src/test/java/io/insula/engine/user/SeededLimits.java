package io.insula.engine.user;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Limits so small that a short life reaches them. */
final class SeededLimits {
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final Duration IDLE = Duration.ofSeconds(8);

    private SeededLimits() {}

    static EngineLimits drawn(Random random) {
        EngineLimits limits = EngineLimits.defaults();
        EngineLimits.User user = with(limits.user(), Map.of(
                "runsAtOnce", 1 + random.nextInt(3),
                "queuedRuns", 1 + random.nextInt(4),
                "waitingBytes", 200 + random.nextInt(2_000),
                "abandonedRunsPerPlugin", 1 + random.nextInt(2),
                "idleEviction", IDLE));
        EngineLimits.Run run = with(limits.run(), Map.of(
                "deadline", DEADLINE,
                "maxDeadline", DEADLINE,
                "delegationFanOut", 1 + random.nextInt(3),
                "questionExpiry", Duration.ofSeconds(30),
                "stopGrace", Duration.ofSeconds(1)));
        EngineLimits.Platform platform = with(limits.platform(), Map.of(
                "runsAtOnce", 1 + random.nextInt(4),
                "runsAccepted", 3 + random.nextInt(8),
                "engines", 1 + random.nextInt(3)));
        return with(limits, Map.of("user", user, "run", run, "platform", platform));
    }

    /** The same with room for so many users: what comes back by itself waits for whoever holds an engine. */
    static EngineLimits withRoomFor(int users, EngineLimits limits) {
        return with(limits, Map.of("platform", with(limits.platform(), Map.of("engines", users))));
    }

    /** The record with other values in these components. */
    private static <R extends Record> R with(R record, Map<String, ?> changes) {
        List<Class<?>> types = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        try {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                types.add(component.getType());
                Object change = changes.get(component.getName());
                values.add(change == null ? component.getAccessor().invoke(record) : change);
            }
            @SuppressWarnings("unchecked")
            Class<R> type = (Class<R>) record.getClass();
            return type.getConstructor(types.toArray(Class<?>[]::new)).newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the limits have changed their form", e);
        }
    }
}
