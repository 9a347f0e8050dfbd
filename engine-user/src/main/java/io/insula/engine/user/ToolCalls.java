package io.insula.engine.user;

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
        OpenItems.ToolCall open =
                services.output.openToolCall(caller.run(), caller.author(), shown(name), shownArguments(arguments));
        try {
            Result result = run(caller, tool, input);
            services.output.end(caller.run(), open, result.json());
            return result;
        } catch (ToolCallException failure) {
            services.output.end(
                    caller.run(), open, services.parts.events().toolError(failure.code(), failure.getMessage()));
            throw failure;
        }
    }

    private Result run(AgentCalls.Call caller, HostedTool tool, Record input) {
        String name = tool.description().name();
        CallScope scope = new CallScope(services.user, caller.run());
        CallContext context = new CallContext(caller, scope, services);
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
        OpenItems.ToolCall open = services.output.openToolCall(
                caller.run(), caller.author(), shown(tool), shownArguments(arguments));
        services.output.end(
                caller.run(), open, services.parts.events().toolError(failure.code(), failure.getMessage()));
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
