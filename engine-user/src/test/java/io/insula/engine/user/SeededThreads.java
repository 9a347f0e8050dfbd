package io.insula.engine.user;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that run one at a time, in the thread that calls {@link #run}. Whenever one of them waits, or comes to
 * a place where it may be interrupted, the seed alone decides which one goes on: the same seed gives the same order.
 *
 * <p>Places to be interrupted at are calls of {@link #pass}, which {@link WovenClasses} puts into the engine's code.
 */
final class SeededThreads {
    private static final ScopedValue<SeededThreads> CURRENT = ScopedValue.newInstance();
    /** How many places a thread passes before it is interrupted, on the average: each seed has one of them. */
    private static final int[] SPACINGS = {3, 8, 20, 60, 200};

    private static final long MOST_TURNS = 3_000_000;

    private final Random random;
    private final int spacing;
    /** Whether the thread of the highest rank goes on, instead of any: the one finds other mistakes than the other. */
    private final boolean ranked;

    private final ArrayList<Turn> ready = new ArrayList<>();
    /** What a thread of another kind made ready, which happens when it held one up. */
    private final ConcurrentLinkedQueue<Turn> strays = new ConcurrentLinkedQueue<>();

    private final List<Turn> all = new ArrayList<>();
    private @Nullable Thread driver;
    private @Nullable Turn running;
    private volatile @Nullable Throwable failure;
    private boolean disturbed;
    private int untilInterrupted;
    private int unfinished;
    private long turns;
    private long trace = 1;
    private final List<Intrusion> intrusions = new ArrayList<>();
    private final SeededTime time;

    SeededThreads(long seed) {
        this.random = new Random(seed);
        this.spacing = SPACINGS[random.nextInt(SPACINGS.length)];
        this.ranked = random.nextInt(3) == 0;
        this.untilInterrupted = nextInterruption();
        this.time = new SeededTime(this);
    }

    /** The time on which they wait. */
    SeededTime time() {
        return time;
    }

    private record Intrusion(long turn, BooleanSupplier may, Runnable action) {}

    /** Threads that belong together, and can be ended together as a crash would. */
    final class Group {
        private final String name;
        private final boolean counts;
        private boolean crashed;

        private Group(String name, boolean counts) {
            this.name = name;
            this.counts = counts;
        }

        ThreadFactory factory(String kind) {
            return work -> new Turn(this, name + "/" + kind + all.size(), work).thread;
        }

        void start(String kind, Runnable work) {
            factory(kind).newThread(work).start();
        }

        /** Lets none of them go on any more, wherever it is; what they hold, they hold forever. */
        void crash() {
            crashed = true;
            ready.removeIf(turn -> turn.group == this);
            for (Turn turn : all) {
                if (turn.group == this) {
                    turn.done();
                }
            }
        }
    }

    /** Makes a group of threads, all of which must come to an end. */
    Group group(String name) {
        return new Group(name, true);
    }

    /** Makes a group of threads that nobody waits for. */
    Group background(String name) {
        return new Group(name, false);
    }

    /** One thread, and where it is put when it can go on. */
    private final class Turn implements Executor {
        final Group group;
        final String name;
        final int number = all.size();
        final Thread thread;
        int rank = random.nextInt(1 << 16);
        private @Nullable Runnable going;
        private boolean counted;

        Turn(Group group, String name, Runnable work) {
            this.group = group;
            this.name = name;
            this.counted = group.counts && !group.crashed;
            this.thread = builder(this).unstarted(() -> ScopedValue.where(CURRENT, SeededThreads.this).run(() -> {
                try {
                    work.run();
                } catch (Throwable thrown) {
                    fail(thrown);
                } finally {
                    done();
                }
            }));
            all.add(this);
            unfinished += counted ? 1 : 0;
        }

        void done() {
            unfinished -= counted ? 1 : 0;
            counted = false;
        }

        @Override
        public void execute(Runnable going) {
            this.going = going;
            Thread caller = Thread.currentThread();
            if (caller != driver && driver != null && !caller.isVirtual()) {
                strays.add(this);
            } else if (!group.crashed) {
                ready.add(this);
            }
        }

        void goOn() {
            Runnable next = going;
            if (next == null) {
                throw new IllegalStateException("not ready: " + name);
            }
            going = null;
            next.run();
        }
    }

    private static Thread.Builder.OfVirtual builder(Executor scheduler) {
        try {
            Constructor<?> maker =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            maker.setAccessible(true);
            return (Thread.Builder.OfVirtual) maker.newInstance(scheduler);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("needs --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }

    /** A place where the running thread may be interrupted, if it is one of these. */
    static void pass() {
        if (CURRENT.isBound()) {
            CURRENT.get().passing();
        }
    }

    /** Ends the schedule that the running thread is in, if it is in one, even if whoever called it catches this. */
    static void broken(AssertionError promise) {
        if (CURRENT.isBound()) {
            CURRENT.get().fail(promise);
        }
    }

    /** The threads that the running one belongs to. */
    static SeededThreads current() {
        return CURRENT.get();
    }

    @SuppressWarnings("ThreadPriorityCheck") // to whom it yields is for the seed to say
    private void passing() {
        if (--untilInterrupted > 0) {
            return;
        }
        untilInterrupted = nextInterruption();
        Turn turn = running;
        if (ranked && turn != null) {
            turn.rank = random.nextInt(1 << 16);
        }
        Thread.yield();
    }

    private int nextInterruption() {
        return 1 + random.nextInt(2 * spacing);
    }

    /** Ends the schedule: what this one says went wrong. Only the first one counts. */
    void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
    }

    /** Makes this part of the order that is compared. */
    void note(String what) {
        trace = trace * 31 + what.hashCode();
    }

    /** Has something done by the driver, once, between two turns: when so many have been taken, as soon as it may. */
    void between(long turn, BooleanSupplier may, Runnable action) {
        intrusions.add(new Intrusion(turn, may, action));
    }

    private void intrude() {
        for (Intrusion intrusion : List.copyOf(intrusions)) {
            if (turns >= intrusion.turn() && intrusion.may().getAsBoolean()) {
                intrusions.remove(intrusion);
                intrusion.action().run();
            }
        }
    }

    /** Runs until all threads have ended, and lets time pass whenever all of them wait. */
    void run() {
        driver = Thread.currentThread();
        while (failure == null) {
            takeStrays();
            intrude();
            if (!ready.isEmpty()) {
                turn(next());
            } else if (unfinished == 0) {
                return;
            } else if (!isHeldUpFromOutside() && !time.jump()) {
                fail(new AssertionError("nothing can go on; waiting: " + waiting()));
            }
        }
        throw new AssertionError("after " + turns + " turns: " + failure, failure);
    }

    private void turn(Turn turn) {
        if (++turns > MOST_TURNS) {
            fail(new AssertionError("no end in sight; waiting: " + waiting()));
            return;
        }
        trace = trace * 31 + turn.number;
        running = turn;
        turn.goOn();
        running = null;
    }

    private Turn next() {
        int chosen = 0;
        if (ranked) {
            for (int i = 1; i < ready.size(); i++) {
                if (ready.get(i).rank > ready.get(chosen).rank) {
                    chosen = i;
                }
            }
        } else {
            chosen = random.nextInt(ready.size());
        }
        return ready.remove(chosen);
    }

    private void takeStrays() {
        Turn stray = strays.poll();
        while (stray != null) {
            disturbed = true;
            if (!stray.group.crashed) {
                ready.add(stray);
            }
            stray = strays.poll();
        }
    }

    /** Whether a thread waits for a monitor, which the Java runtime's own threads hold now and then. */
    private boolean isHeldUpFromOutside() {
        boolean heldUp = all.stream().anyMatch(turn -> turn.thread.getState() == Thread.State.BLOCKED);
        if (heldUp) {
            disturbed = true;
            LockSupport.parkNanos(10_000);
        }
        return heldUp || !strays.isEmpty();
    }

    private String waiting() {
        StringBuilder text = new StringBuilder();
        for (Turn turn : all) {
            if (turn.thread.isAlive()) {
                text.append("\n  ").append(turn.name);
                for (StackTraceElement frame : turn.thread.getStackTrace()) {
                    if (frame.getClassName().startsWith("io.insula.")) {
                        text.append("\n    at ").append(frame);
                    }
                }
            }
        }
        return text.toString();
    }

    /** Whether the Java runtime itself held a thread up, so that the seed was not alone in deciding. */
    boolean wasDisturbed() {
        return disturbed;
    }

    long turns() {
        return turns;
    }

    /** Stands for the whole order of turns and everything noted. */
    long trace() {
        return trace;
    }
}
