package io.insula.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/** What a test must be able to drive is handed in: time, chance and threads. */
final class ThreadAndTimeRules {
    private static final Set<String> ANY = Set.of();

    /** Methods by class; an empty set means every method and constructor. */
    private static final Map<String, Set<String>> TIME = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDate", Set.of("now")),
            Map.entry("java.time.LocalTime", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.OffsetDateTime", Set.of("now")),
            Map.entry("java.time.Year", Set.of("now")),
            Map.entry("java.time.Clock",
                    Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds")),
            Map.entry("java.time.InstantSource", Set.of("system")),
            Map.entry("java.util.Date", Set.of("<init>")),
            Map.entry("java.util.Calendar", Set.of("getInstance")));

    private static final Map<String, Set<String>> CHANCE = Map.ofEntries(
            Map.entry("java.util.Random", ANY),
            Map.entry("java.util.SplittableRandom", ANY),
            Map.entry("java.security.SecureRandom", ANY),
            Map.entry("java.util.concurrent.ThreadLocalRandom", ANY),
            Map.entry("java.util.random.RandomGenerator", Set.of("getDefault", "of")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Collections", Set.of("shuffle")),
            Map.entry("java.lang.Math", Set.of("random")));

    private static final Map<String, Set<String>> THREADS = Map.ofEntries(
            Map.entry("java.lang.Thread", Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread", "sleep")),
            Map.entry("java.util.Timer", ANY),
            Map.entry("java.util.concurrent.Executors", ANY),
            Map.entry("java.util.concurrent.ThreadPoolExecutor", Set.of("<init>")),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("<init>")),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of("<init>", "commonPool")),
            Map.entry("java.util.concurrent.CompletableFuture",
                    Set.of("delayedExecutor", "orTimeout", "completeOnTimeout")),
            Map.entry("java.util.Collection", Set.of("parallelStream")),
            Map.entry("java.util.stream.Stream", Set.of("parallel")));

    private ThreadAndTimeRules() {}

    static List<Rule> all() {
        return List.of(
                Rule.of("time", injected("the time is read", TIME)),
                Rule.of("chance", injected("chance is asked", CHANCE)),
                Rule.of("threads", injected("a thread or an executor is made", THREADS)),
                Rule.of("thread-locals",
                        noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).because(
                                "what is left in a thread is found there by the next user")));
    }

    private static com.tngtech.archunit.lang.ArchRule injected(String what, Map<String, Set<String>> forbidden) {
        return noClasses().that().resideOutsideOfPackages(Shipped.APP, Shipped.LAUNCHER)
                .should().accessTargetWhere(describe(what, access -> isIn(forbidden, access)))
                .because(
                        "the composition root hands in clocks, random generators and thread factories, so that tests can drive them");
    }

    private static boolean isIn(Map<String, Set<String>> forbidden, JavaAccess<?> access) {
        if (!(access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target)) {
            return false;
        }
        var owner = target.getOwner();
        if (isDateOfAGivenTime(target) || isMadeOfGivenThreads(target)) {
            return false;
        }
        return forbidden.entrySet().stream().anyMatch(entry -> owner.isAssignableTo(entry.getKey())
                && (entry.getValue().isEmpty() || entry.getValue().contains(target.getName())));
    }

    /** An executor whose threads come from outside is as easy to drive as they are. */
    private static boolean isMadeOfGivenThreads(AccessTarget.CodeUnitAccessTarget target) {
        return target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(ThreadFactory.class));
    }

    private static boolean isDateOfAGivenTime(AccessTarget.CodeUnitAccessTarget target) {
        return target.getOwner().getName().equals("java.util.Date") && !target.getRawParameterTypes().isEmpty();
    }
}
