package io.insula.engine.user;

import java.util.Optional;

/**
 * A step of a call. One that was ended before the run was interrupted is not shown again; one that was begun and not
 * ended is. Used by the thread of the call.
 */
final class CallStep {
    private final RunOutput output;
    private final AgentCalls.Call call;
    private final String number;
    /** Empty if the step was ended before. */
    private final Optional<OpenItems.Step> open;

    CallStep(RunOutput output, AgentCalls.Call call, String name) {
        this.output = output;
        this.call = call;
        this.number = call.script().nextStep();
        String key = Digest.of(name);
        boolean begun = call.script().replay(ScriptKind.STEP, key).isPresent();
        if (begun && call.script().hadEndedStep(number)) {
            this.open = Optional.empty();
            return;
        }
        this.open = Optional.of(output.openStep(call, name, append -> {
            if (!begun) {
                call.script().record(append, ScriptKind.STEP, key, number);
            }
        }));
    }

    void close() {
        boolean ended = call.script().replay(ScriptKind.STEP_END, number).isPresent();
        if (!ended && open.isPresent()) {
            output.closeStep(
                    call.run(),
                    open.get(),
                    append -> call.script().record(append, ScriptKind.STEP_END, number, number));
        }
    }
}
