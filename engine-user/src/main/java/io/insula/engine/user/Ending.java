package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.util.Optional;

/** How a run ends. */
sealed interface Ending {
    /** The terminal state it leads to. */
    RunState state();

    /** The code that is kept with the run. */
    Optional<String> code();

    /** The agent returned; the result is JSON. */
    record Returned(String result) implements Ending {
        @Override
        public RunState state() {
            return RunState.COMPLETED;
        }

        @Override
        public Optional<String> code() {
            return Optional.empty();
        }
    }

    /** Something went wrong; the message may be shown. */
    record Failed(String failure, String message) implements Ending {
        Failed(ErrorCode code, String message) {
            this(code.word(), message);
        }

        @Override
        public RunState state() {
            return RunState.FAILED;
        }

        @Override
        public Optional<String> code() {
            return Optional.of(failure);
        }
    }

    /** The user stopped it. */
    record Cancelled() implements Ending {
        @Override
        public RunState state() {
            return RunState.CANCELLED;
        }

        @Override
        public Optional<String> code() {
            return Optional.empty();
        }
    }

    /** Its deadline passed. */
    record TimedOut(String message) implements Ending {
        @Override
        public RunState state() {
            return RunState.TIMED_OUT;
        }

        @Override
        public Optional<String> code() {
            return Optional.of(ErrorCode.DEADLINE_EXCEEDED.word());
        }
    }
}
