package io.insula.endtoend;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Many users at once, each in a thread of its own. */
final class BusyCrowd {
    /** What each of them does. */
    interface Deed {
        void of(BusyUser user) throws Exception;
    }

    /** What they are doing. */
    record UnderWay(ExecutorService threads, List<CompletableFuture<Void>> deeds) {
        /** Waits until all have done it, and fails if one could not. */
        void join() {
            try (threads) {
                CompletableFuture.allOf(deeds.toArray(CompletableFuture[]::new)).join();
            }
        }
    }

    private static final int FINDINGS_SHOWN = 10;

    private final List<BusyUser> users;

    BusyCrowd(List<BusyUser> users) {
        this.users = users;
    }

    static BusyCrowd of(int count, String name, RandomGenerator random) {
        var users = new ArrayList<BusyUser>();
        for (int i = 0; i < count; i++) {
            users.add(new BusyUser(name + "-" + i, random.nextLong()));
        }
        return new BusyCrowd(users);
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

    String report() {
        long acknowledged = users.stream().mapToLong(user -> user.ledger().receipts().size()).sum();
        long seen = users.stream().mapToLong(user -> user.ledger().seen()).sum();
        return users.size() + " users, " + acknowledged + " acknowledged requests, " + seen + " events";
    }
}
