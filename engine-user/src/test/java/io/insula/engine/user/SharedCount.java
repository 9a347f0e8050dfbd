package io.insula.engine.user;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/** Two numbers that two threads count up, one of them without a lock; woven, it shows what a schedule can find. */
final class SharedCount implements LongFunction<String> {
    private static final int TIMES = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private int locked;
    private int unlocked;

    /** Counts anew in the order of the seed, and says how far it came with the lock and without. */
    @Override
    public String apply(long seed) {
        locked = 0;
        unlocked = 0;
        SeededThreads threads = new SeededThreads(seed);
        SeededThreads.Group counting = threads.group("counting");
        counting.start("one", this::count);
        counting.start("other", this::count);
        threads.run();
        return locked + " " + unlocked;
    }

    private void count() {
        for (int i = 0; i < TIMES; i++) {
            unlocked++;
            lock.lock();
            try {
                locked++;
            } finally {
                lock.unlock();
            }
        }
    }
}
