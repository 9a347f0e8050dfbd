package io.insula.endtoend;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Many users at once, each in a thread of its own. */
final class BusyCrowd {
    /** What each of them does. */
    interface Deed {
        void of(BusyUser user) throws Exception;
    }

    /** What they are doing. */
    record UnderWay(ExecutorService threads, List<CompletableFuture<Void>> deeds) {
        /** Waits so long at most; whether all have done it, or failed, by then. */
        boolean endsWithin(Duration longest) throws InterruptedException {
            try {
                CompletableFuture.allOf(deeds.toArray(CompletableFuture[]::new))
                        .handle((done, failure) -> true)
                        .get(longest.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a failure is handled", e);
            }
        }

        /** Waits until all have done it, and fails if one could not. */
        void join() {
            try (threads) {
                CompletableFuture.allOf(deeds.toArray(CompletableFuture[]::new)).join();
            }
        }
    }

    private static final int FINDINGS_SHOWN = 10;

    private final List<BusyUser> users;
    /** One for each message of events that any of them got. */
    private final Semaphore events;

    private BusyCrowd(List<BusyUser> users, Semaphore events) {
        this.users = users;
        this.events = events;
    }

    static BusyCrowd of(int count, String name, RandomGenerator random) {
        return of(count, name, random, random::nextLong);
    }

    /** Users whose requests, runs and threads have the same ids, one after another. */
    static BusyCrowd ofNamesakes(int count, String name, RandomGenerator random) {
        long seedOfIds = random.nextLong();
        return of(count, name, random, () -> seedOfIds);
    }

    private static BusyCrowd of(int count, String name, RandomGenerator random, LongSupplier seedsOfIds) {
        var users = new ArrayList<BusyUser>();
        var events = new Semaphore(0);
        for (int i = 0; i < count; i++) {
            users.add(new BusyUser(name + "-" + i, random.nextLong(), seedsOfIds.getAsLong(), events::release));
        }
        return new BusyCrowd(users, events);
    }

    /** Waits until they got so many more messages of events together, or for this time. */
    void awaitEvents(int messages, Duration longest) throws InterruptedException {
        events.drainPermits();
        boolean came = events.tryAcquire(messages, longest.toMillis(), TimeUnit.MILLISECONDS);
        if (!came) {
            System.out.println("crashes: fewer than " + messages + " messages of events in " + longest);
        }
    }

    /** The application is gone: nobody waits for it any more. */
    void lose() {
        users.forEach(BusyUser::lose);
    }

    UnderWay start(Deed deed) {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        return new UnderWay(threads, users.stream().map(user -> CompletableFuture.runAsync(() -> {
            try {
                deed.of(user);
            } catch (Exception e) {
                throw new CompletionException(user.subject() + " could not go on", e);
            }
        }, threads)).toList());
    }

    /** What does not fit with what the users were told, each in a line, some of each user; empty if everything fits. */
    String findings() {
        return users.stream().flatMap(user -> user.ledger().findings().stream().limit(FINDINGS_SHOWN)
                .map(finding -> user.subject() + ": " + finding)).collect(joining("\n"));
    }

    /** With which words the server closed connections. */
    Set<String> farewells() {
        return ofAll(UserLedger::farewells);
    }

    /** With which codes runs and answers were refused. */
    Set<String> refusals() {
        return ofAll(UserLedger::refusals);
    }

    private Set<String> ofAll(Function<UserLedger, Set<String>> asked) {
        return users.stream().flatMap(user -> asked.apply(user.ledger()).stream())
                .collect(toCollection(TreeSet::new));
    }

    String report() {
        long acknowledged = users.stream().mapToLong(user -> user.ledger().receipts().size()).sum();
        long seen = users.stream().mapToLong(user -> user.ledger().seen()).sum();
        return users.size() + " users, " + acknowledged + " acknowledged requests, " + seen + " events";
    }
}
