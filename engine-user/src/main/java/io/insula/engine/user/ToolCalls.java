package io.insula.engine.user;

import io.insula.agent.Effect;
import io.insula.agent.RunStoppedException;
import io.insula.agent.Tool;
import io.insula.agent.ToolCallException;
import io.insula.agent.ToolContext;
import io.insula.agent.hosting.HostedTool;
import io.insula.agent.hosting.PluginFaultException;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.engine.api.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls tools: the only place that does. Arguments are checked, and every call that begins is seen to end. */
final class ToolCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ToolCalls.class);

    private final RoomServices services;

    ToolCalls(RoomServices services) {
        this.services = services;
    }

    /** What a call gave: the record, and its JSON. */
    private record Result(Record value, String json) {}

    <I extends Record, O extends Record> O call(AgentCalls.Call caller, Class<? extends Tool<I, O>> type, I input) {
        Optional<HostedTool> tool = caller.lease().tool(type);
        if (tool.isEmpty()) {
            throw unknown(caller, type.getSimpleName(), "{}");
        }
        String arguments;
        try {
            arguments = caller.lease().records().encode(input);
        } catch (RecordMismatchException mismatch) {
            throw refused(caller, tool.get().description().name(), "{}", mismatch.getMessage());
        }
        Record output = call(caller, tool.get(), arguments).value();
        @SuppressWarnings("unchecked") // the host resolved the output type from the class of the tool, and it was checked
        O typed = (O) output;
        return typed;
    }

    String call(AgentCalls.Call caller, String name, String arguments) {
        Optional<HostedTool> tool = caller.lease().tool(name);
        if (tool.isEmpty()) {
            throw unknown(caller, name, arguments);
        }
        return call(caller, tool.get(), arguments).json();
    }

    private Result call(AgentCalls.Call caller, HostedTool tool, String arguments) {
        String name = tool.description().name();
        Record input;
        try {
            input = caller.lease().records().decode(arguments, tool.inputType());
        } catch (RecordMismatchException mismatch) {
            throw refused(caller, name, arguments, mismatch.getMessage());
        }
        Asked asked = new Asked(shown(name), shownArguments(arguments), Digest.of(name, arguments));
        Before before = before(caller, asked, tool.description().effect());
        if (before.outcome().isPresent()) {
            return again(caller, tool, before.outcome().get());
        }
        // What a call may have changed is known after a crash only if it was written down before the call.
        OpenItems.ToolCall open = show(caller, asked, before, tool.description().effect());
        try {
            Result result = run(caller, tool, input);
            end(caller, open, result.json(), Outcomes.returned(result.json()));
            return result;
        } catch (ToolCallException failure) {
            end(caller, open, failure);
            throw failure;
        }
    }

    /** A call as the user sees it, and by what it is known again. */
    private record Asked(String tool, String arguments, String key) {}

    /** Whether the call was begun before the run was interrupted, and what came of it; it is made if nothing did. */
    private record Before(boolean begun, Optional<String> outcome) {}

    private Before before(AgentCalls.Call caller, Asked asked, Effect effect) {
        boolean begun = caller.script().replay(ScriptKind.TOOL, asked.key()).isPresent();
        Optional<String> result = begun ? caller.script().replayResult() : Optional.empty();
        if (!begun || result.isPresent()) {
            return new Before(begun, result);
        }
        return switch (effect) {
            case READS -> new Before(true, Optional.empty());
            case WRITES, IRREVERSIBLE -> new Before(true, Optional.of(interrupted(caller, asked)));
        };
    }

    private String interrupted(AgentCalls.Call caller, Asked asked) {
        String outcome = Outcomes.failed(
                ErrorCode.INTERRUPTED.word(),
                "The call of the tool \"" + asked.tool() + "\" was interrupted, and may have had its effect.");
        services.output.record(caller, ScriptKind.RESULT, "", outcome);
        return outcome;
    }

    private Result again(AgentCalls.Call caller, HostedTool tool, String outcome) {
        Optional<Faults.Fault> failure = Outcomes.failure(outcome);
        if (failure.isPresent()) {
            throw new ToolCallException(failure.get().code(), failure.get().message());
        }
        String json = Outcomes.json(outcome);
        try {
            return new Result(caller.lease().records().decode(json, tool.outputType()), json);
        } catch (RecordMismatchException mismatch) {
            throw caller.script().diverged("had a result that cannot be read any more");
        }
    }

    private OpenItems.ToolCall show(AgentCalls.Call caller, Asked asked, Before before, Effect effect) {
        CallScript script = caller.script();
        RunOutput.ShownCall call = services.output.openToolCall(caller, asked.tool(), asked.arguments(), append -> {
            if (!before.begun()) {
                script.record(append, ScriptKind.TOOL, asked.key(), "");
            }
        });
        if (effect != Effect.READS && script.isRecorded()) {
            RunOutput.awaitWritten(caller.run(), call.written());
        }
        return call.item();
    }

    private void end(AgentCalls.Call caller, OpenItems.ToolCall open, ToolCallException failure) {
        end(
                caller,
                open,
                services.parts.events().toolError(failure.code(), failure.getMessage()),
                Outcomes.failed(failure.code(), failure.getMessage()));
    }

    private void end(AgentCalls.Call caller, OpenItems.ToolCall open, String content, String outcome) {
        services.output.end(
                caller.run(),
                open,
                content,
                append -> caller.script().record(append, ScriptKind.RESULT, "", outcome));
    }

    private Result run(AgentCalls.Call caller, HostedTool tool, Record input) {
        String name = tool.description().name();
        CallScope scope = new CallScope(services.user, caller.run());
        CallContext context =
                new CallContext(caller, caller.script().withoutMemory(), scope, services);
        @Nullable
        Object output;
        try {
            Tool<?, ?> instance = tool.newTool();
            output = scope.bound(() -> invoke(instance, input, context));
        } catch (PluginFaultException fault) {
            throw new ToolCallException(ErrorCode.TOOL_FAILED.word(), "The tool \"" + name + "\" could not be made.");
        } catch (Throwable thrown) {
            stopIfEnded(caller.run());
            Faults.Fault fault = Faults.ofTool(thrown, name, caller.plugin());
            throw new ToolCallException(fault.code(), fault.message());
        } finally {
            context.closeFiles();
        }
        stopIfEnded(caller.run());
        return checked(caller, tool, output);
    }

    private static void stopIfEnded(LiveRun run) {
        if (run.ended) {
            throw new RunStoppedException();
        }
    }

    @SuppressWarnings("unchecked") // the input was decoded to the type that the host resolved from the tool's class
    private static @Nullable Object invoke(Tool<?, ?> tool, Record input, ToolContext context) throws Exception {
        return ((Tool<Record, Record>) tool).call(input, context);
    }

    private Result checked(AgentCalls.Call caller, HostedTool tool, @Nullable Object output) {
        String name = tool.description().name();
        if (!(output instanceof Record value) || !tool.outputType().isInstance(output)) {
            throw new ToolCallException(ErrorCode.TOOL_FAILED.word(),
                    "The tool \"" + name + "\" gave no usable result.");
        }
        String json;
        try {
            json = caller.lease().records().encode(value);
        } catch (Throwable unusable) {
            // To read a record is to run the plugin's code: whatever it does, the call is seen to end.
            stopIfEnded(caller.run());
            LOG.warn("result of a tool cannot be read tool={} exception={}", name, Faults.describe(unusable));
            throw new ToolCallException(ErrorCode.TOOL_FAILED.word(),
                    "The tool \"" + name + "\" gave no usable result.");
        }
        if (json.length() > services.parts.limits().run().toolResultBytes()) {
            throw new ToolCallException(
                    ErrorCode.RESULT_TOO_LARGE.word(), "The result of the tool \"" + name + "\" is too large.");
        }
        return new Result(value, json);
    }

    /** A call that does not come about is shown as one that failed: what an agent tried is never hidden. */
    private ToolCallException refused(AgentCalls.Call caller, String tool, String arguments, String why) {
        return show(caller, tool, arguments, new ToolCallException(ErrorCode.ARGUMENTS_INVALID.word(), why));
    }

    private ToolCallException unknown(AgentCalls.Call caller, String tool, String arguments) {
        String message = "The plugin \"" + caller.plugin() + "\" has no tool \"" + shown(tool) + "\".";
        return show(caller, tool, arguments, new ToolCallException(ErrorCode.TOOL_UNKNOWN.word(), message));
    }

    private ToolCallException show(AgentCalls.Call caller, String tool, String arguments, ToolCallException failure) {
        Asked asked = new Asked(shown(tool), shownArguments(arguments), Digest.of(tool, arguments));
        Before before = before(caller, asked, Effect.READS);
        if (before.outcome().isPresent()) {
            return Outcomes.failure(before.outcome().get())
                    .map(fault -> new ToolCallException(fault.code(), fault.message()))
                    .orElseThrow(() -> caller.script().diverged("had a result and is refused now"));
        }
        end(caller, show(caller, asked, before, Effect.READS), failure);
        return failure;
    }

    private static String shown(String name) {
        return WellFormed.text(WellFormed.cut(name, 64));
    }

    private String shownArguments(String arguments) {
        return WellFormed.text(
                WellFormed.cut(arguments, services.parts.limits().run().toolResultBytes()));
    }
}
