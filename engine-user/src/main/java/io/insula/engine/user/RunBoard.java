package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one user has in progress: which runs there are, which may begin, and how each ends.
 *
 * <p>Every change of a run's state is made here, under the room's lock, together with the append that tells of it; the
 * journal keeps appends of one user in order, so what clients see is the order of the decisions.
 */
final class RunBoard {
    private static final Logger LOG = LoggerFactory.getLogger(RunBoard.class);

    private final RoomLock lock;
    private final RoomParts parts;
    private final RunEndings endings;
    private final RunAppends appends;
    private final Consumer<LiveRun> work;
    /** Guarded by {@link #lock}, as everything below. Runs that have not ended, in the order accepted. */
    private final Map<RunId, LiveRun> live = new LinkedHashMap<>();
    /** Runs that have ended and whose last event is not durable yet. */
    private final Map<RunId, LiveRun> closing = new HashMap<>();
    /** The runs of each busy thread: the first is at work or next, the others wait for it. */
    private final Map<ThreadId, Deque<LiveRun>> lanes = new HashMap<>();
    /** Runs that were answered and want their place back, before any that begins. */
    private final Deque<LiveRun> returning = new ArrayDeque<>();

    private final Map<String, Integer> abandonedByPlugin = new HashMap<>();
    private int placesTaken;
    private boolean waitsForPlatform;
    private long lastActive;

    /**
     * Makes the board of a user.
     *
     * @param work does a run, in the thread that was made for it
     */
    RunBoard(UserId user, RoomLock lock, RoomParts parts, Consumer<LiveRun> work) {
        this.lock = lock;
        this.parts = parts;
        this.endings = new RunEndings(parts);
        this.appends = new RunAppends(user, lock, parts, this::end);
        this.work = work;
        this.lastActive = parts.environment().nanoTime().getAsLong();
    }

    /** The way of what is appended of this user's runs. */
    RunAppends appends() {
        return appends;
    }

    Optional<LiveRun> find(RunId run) {
        lock.requireHeld();
        return Optional.ofNullable(live.get(run)).or(() -> Optional.ofNullable(closing.get(run)));
    }

    /** The runs of the thread that have not ended, in the order accepted. */
    List<LiveRun> unfinishedIn(ThreadId thread) {
        lock.requireHeld();
        Deque<LiveRun> lane = lanes.get(thread);
        return lane == null ? List.of() : lane.stream().filter(run -> !run.ended).toList();
    }

    List<LiveRun> unfinished() {
        lock.requireHeld();
        return List.copyOf(live.values());
    }

    /** Whether nothing is in progress, nothing left behind, and nothing waits for the journal. */
    boolean isQuiet() {
        lock.requireHeld();
        return live.isEmpty() && closing.isEmpty() && lanes.isEmpty() && abandonedByPlugin.isEmpty();
    }

    /** When something of a run was last seen to end, on the clock that never jumps. */
    long lastActive() {
        lock.requireHeld();
        return lastActive;
    }

    private void active() {
        lastActive = parts.environment().nanoTime().getAsLong();
    }

    boolean isUnhealthy(String plugin) {
        return lock.call(
                () -> abandonedByPlugin.getOrDefault(plugin, 0) >= parts.limits().user().abandonedRunsPerPlugin());
    }

    /** Whether one more run for the thread would have to wait although the queue is full. */
    boolean isQueueFullFor(ThreadId thread) {
        lock.requireHeld();
        int queued = 0;
        int startable = 0;
        for (LiveRun run : live.values()) {
            if (run.state == RunState.QUEUED) {
                queued++;
                startable += isFirstInLane(run) ? 1 : 0;
            }
        }
        int free = parts.limits().user().runsAtOnce() - placesTaken;
        boolean startsAtOnce = !lanes.containsKey(thread) && startable < free;
        int waiting = queued - Math.min(startable, Math.max(0, free));
        return !startsAtOnce && waiting >= parts.limits().user().queuedRuns();
    }

    private boolean isFirstInLane(LiveRun run) {
        Deque<LiveRun> lane = lanes.get(run.thread);
        return lane != null && lane.peekFirst() == run;
    }

    /** Takes a run in; it may begin once {@link #accepted} says that its acceptance is durable. */
    void add(LiveRun run) {
        lock.requireHeld();
        live.put(run.id, run);
        lanes.computeIfAbsent(run.thread, t -> new ArrayDeque<>()).add(run);
    }

    void accepted(LiveRun run) {
        lock.requireHeld();
        run.durable = true;
        startReady();
    }

    /** Forgets a run whose acceptance could not be written. */
    void remove(LiveRun run) {
        lock.requireHeld();
        if (run.ended) {
            // It was stopped meanwhile, and is accounted for.
            return;
        }
        run.ended = true;
        live.remove(run.id);
        leaveLane(run);
        lock.afterwards(parts.platform()::runEnded);
        startReady();
    }

    /** Lets runs begin or go on as long as there are places. */
    private void startReady() {
        while (placesTaken < parts.limits().user().runsAtOnce() && !waitsForPlatform) {
            Optional<LiveRun> next = nextReady();
            if (next.isEmpty()) {
                return;
            }
            if (parts.platform().takePlace(this::platformPlaceFree)) {
                takePlace(next.get());
            } else {
                waitsForPlatform = true;
            }
        }
    }

    private Optional<LiveRun> nextReady() {
        LiveRun back = returning.peek();
        if (back != null) {
            return Optional.of(back);
        }
        return live.values().stream()
                .filter(run -> run.state == RunState.QUEUED && run.durable && isFirstInLane(run))
                .findFirst();
    }

    /** A place on the platform was kept for this user; says whether it is used. Called without the lock. */
    private boolean platformPlaceFree() {
        return lock.call(() -> {
            waitsForPlatform = false;
            boolean hasPlace = placesTaken < parts.limits().user().runsAtOnce();
            Optional<LiveRun> next = hasPlace ? nextReady() : Optional.empty();
            next.ifPresent(this::takePlace);
            startReady();
            return next.isPresent();
        });
    }

    private void takePlace(LiveRun run) {
        placesTaken++;
        run.holdsPlace = true;
        if (run.state == RunState.QUEUED) {
            begin(run);
            return;
        }
        returning.remove(run);
        run.state = RunTransitions.check(run.state, RunState.RUNNING);
        appends.append(run, new JournalAppend().change(new RecordChange.RunSaved(run.record())));
        run.deadline.start(() -> deadlinePassed(run));
        CompletableFuture<Boolean> goOn = run.placeAgain;
        lock.afterwards(() -> goOn.complete(true));
    }

    private void begin(LiveRun run) {
        run.state = RunTransitions.check(run.state, RunState.RUNNING);
        run.startedAt = Optional.of(parts.now());
        JournalAppend append = new JournalAppend();
        endings.start(run, append);
        appends.append(run, append.change(new RecordChange.RunSaved(run.record())))
                .whenComplete((place, failure) -> {
                    if (failure != null) {
                        end(run, RunAppends.unwritable());
                    }
                    run.begun.complete(place != null);
                });
        run.deadline.start(() -> deadlinePassed(run));
        Thread thread = parts.environment().runThreads().newThread(() -> work.accept(run));
        thread.setName("insula-run");
        enter(run, thread, "");
        lock.afterwards(() -> start(run, thread));
    }

    private void start(LiveRun run, Thread thread) {
        try {
            thread.start();
        } catch (Throwable refused) {
            LOG.error("thread of a run cannot be started exception={}", Faults.describe(refused));
            end(run, new Ending.Failed(ErrorCode.INTERNAL, "The run could not be started."));
            leave(run, thread);
        }
    }

    Duration timeLeft(LiveRun run) {
        return lock.call(run.deadline::left);
    }

    private void deadlinePassed(LiveRun run) {
        lock.run(() -> {
            // It may have begun to wait in the moment the alarm rang: then it has time left, by the rule.
            if (run.state == RunState.RUNNING) {
                end(run, new Ending.TimedOut("The agent \"" + run.agent + "\" did not finish in the time it has."));
            }
        });
    }

    /** The thread goes to wait for an answer or for sub-agents. */
    void pause(LiveRun run) {
        lock.run(() -> {
            run.busyThreads--;
            giveUpPlaceIfAllWait(run);
        });
    }

    private void giveUpPlaceIfAllWait(LiveRun run) {
        if (run.busyThreads > 0 || run.questions.isEmpty() || run.state != RunState.RUNNING) {
            return;
        }
        run.state = RunTransitions.check(run.state, RunState.WAITING_FOR_ANSWER);
        run.deadline.stop();
        appends.append(run, new JournalAppend().change(new RecordChange.RunSaved(run.record())));
        releasePlace(run);
    }

    /**
     * The thread goes on, if need be after waiting for a place.
     *
     * @throws RunStoppedException if the run has ended
     */
    void resume(LiveRun run) {
        CompletableFuture<Boolean> place = lock.call(() -> {
            run.busyThreads++;
            if (!run.ended && !run.holdsPlace && !returning.contains(run)) {
                run.placeAgain = new CompletableFuture<>();
                returning.add(run);
                startReady();
            }
            return run.placeAgain;
        });
        Waiting.forAnswer(run, place);
    }

    /** A thread begins, or goes on in code of this plugin. */
    void enter(LiveRun run, Thread thread, String plugin) {
        lock.run(() -> {
            if (run.threads.put(thread, plugin) == null) {
                run.busyThreads++;
            }
        });
    }

    /** A thread of the run is gone. */
    void leave(LiveRun run, Thread thread) {
        lock.run(() -> {
            run.threads.remove(thread);
            run.busyThreads--;
            giveUpPlaceIfAllWait(run);
            if (run.threads.isEmpty() && run.ended) {
                settle(run);
            }
        });
    }

    /** All threads of an ended run are gone. */
    private void settle(LiveRun run) {
        run.grace.cancel();
        if (run.abandonedIn.isPresent()) {
            String plugin = run.abandonedIn.get();
            abandonedByPlugin.computeIfPresent(plugin, (p, count) -> count == 1 ? null : count - 1);
            LOG.info("abandoned run has ended plugin={}", plugin);
            active();
            return;
        }
        giveWay(run);
    }

    private void abandon(LiveRun run) {
        lock.run(() -> {
            if (run.threads.isEmpty() || run.abandonedIn.isPresent()) {
                return;
            }
            String plugin = run.threads.values().iterator().next();
            run.abandonedIn = Optional.of(plugin);
            abandonedByPlugin.merge(plugin, 1, Integer::sum);
            LOG.warn("run ignores its stop and is abandoned plugin={} agent={}", plugin, run.agent);
            giveWay(run);
        });
    }

    private void giveWay(LiveRun run) {
        active();
        leaveLane(run);
        releasePlace(run);
        startReady();
    }

    private void leaveLane(LiveRun run) {
        Deque<LiveRun> lane = lanes.get(run.thread);
        if (lane != null && lane.remove(run) && lane.isEmpty()) {
            lanes.remove(run.thread);
        }
    }

    private void releasePlace(LiveRun run) {
        if (run.holdsPlace) {
            run.holdsPlace = false;
            placesTaken--;
            lock.afterwards(parts.platform()::givePlaceBack);
            startReady();
        }
    }

    /**
     * Ends a run, unless it has ended: closes what it has open, writes the terminal event, and stops its threads. Of a
     * run that has ended the attempt is counted and nothing else happens.
     */
    void end(LiveRun run, Ending ending) {
        lock.run(() -> {
            if (run.ended) {
                run.lateOutputs++;
                return;
            }
            JournalAppend last = new JournalAppend();
            endings.end(run, ending, last);
            live.remove(run.id);
            closing.put(run.id, run);
            returning.remove(run);
            appends.append(run, last)
                    .whenComplete((place, failure) -> terminalEventWritten(run, place != null));
            lock.afterwards(parts.platform()::runEnded);
            List<Thread> threads = List.copyOf(run.threads.keySet());
            CompletableFuture<Boolean> place = run.placeAgain;
            lock.afterwards(() -> {
                place.complete(false);
                threads.forEach(Thread::interrupt);
            });
            if (threads.isEmpty()) {
                settle(run);
            } else {
                run.grace = parts.alarms().after(parts.limits().run().stopGrace(), () -> abandon(run));
            }
        });
    }

    private void terminalEventWritten(LiveRun run, boolean written) {
        lock.run(() -> {
            closing.remove(run.id);
            active();
            lock.afterwards(() -> {
                if (written) {
                    run.terminated.complete(run.record().view());
                } else {
                    LOG.error("the end of a run could not be written");
                    run.terminated.completeExceptionally(Refusals.of(
                            ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written at the moment. Try again."));
                }
            });
        });
    }
}
