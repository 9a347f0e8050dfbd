package io.insula.engine.user;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInput;
import io.insula.agent.Attachment;
import io.insula.agent.ConversationMessage;
import io.insula.agent.Delegation;
import io.insula.agent.MessageWriter;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ThreadId;
import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;
import io.insula.agent.UserId;
import io.insula.agent.UserStore;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.engine.api.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One call of an agent as it sees it. Every method first asks the {@link CallScope} whether it may be used now. */
final class RunContext implements AgentContext {
    private static final int MAX_STEP_NAME = 100;
    private static final int MAX_CONVERSATION = 1_000;

    private final AgentCalls.Call call;
    private final LiveRun run;
    private final CallScope scope;
    private final RoomServices services;
    private final CallContext basics;

    RunContext(AgentCalls.Call call, CallScope scope, RoomServices services) {
        this.call = call;
        this.run = call.run();
        this.scope = scope;
        this.services = services;
        this.basics = new CallContext(call, call.script(), scope, services);
    }

    void closeFiles() {
        basics.closeFiles();
    }

    @Override
    public ThreadId thread() {
        scope.check();
        return run.thread;
    }

    @Override
    public RunId run() {
        scope.check();
        return run.id;
    }

    @Override
    public AgentInput input() {
        scope.check();
        return call.input();
    }

    @Override
    public <T extends Record> Optional<T> data(Class<T> type) throws AgentFailure {
        scope.check();
        if (call.data().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(call.lease().records().decode(call.data().get(), type));
        } catch (RecordMismatchException mismatch) {
            throw new AgentFailure(ErrorCode.DATA_MISMATCH.word(), mismatch.getMessage());
        }
    }

    @Override
    public List<ConversationMessage> conversation(int limit) {
        scope.check();
        if (limit < 1 || limit > MAX_CONVERSATION) {
            throw new IllegalArgumentException("limit is " + limit + ", must be 1 to " + MAX_CONVERSATION);
        }
        // The run before this one has ended, and its last words may still be on their way into the journal.
        boolean isWhole = Waiting.forAnswer(run, run.begun);
        if (!isWhole) {
            throw new RunStoppedException();
        }
        return services.parts.journal().conversation(services.user, run.thread, run.ordinal, limit).stream()
                .map(message -> new ConversationMessage(
                        message.role(), message.agent(), message.text(), message.attachments(), message.at()))
                .toList();
    }

    @Override
    public void say(String text) {
        try (MessageWriter message = message()) {
            message.write(text);
        }
    }

    @Override
    public MessageWriter message() {
        return writer(CallWriter.Type.MESSAGE);
    }

    private MessageWriter writer(CallWriter.Type type) {
        scope.check();
        CallWriter writer = new CallWriter(services.output, call, type);
        return new ContextWriter(scope, writer::write, writer::close);
    }

    @Override
    public void think(String text) {
        try (MessageWriter thought = thought()) {
            thought.write(text);
        }
    }

    @Override
    public MessageWriter thought() {
        return writer(CallWriter.Type.THOUGHT);
    }

    @Override
    public void step(String name, StepWork work) throws Exception {
        scope.check();
        if (name.isBlank() || name.length() > MAX_STEP_NAME) {
            throw new IllegalArgumentException("a step's name has 1 to " + MAX_STEP_NAME + " characters");
        }
        CallStep step = new CallStep(services.output, call, WellFormed.text(name));
        try {
            work.run();
        } finally {
            // A run that has ended has closed its steps; throwing here would hide what the work threw.
            if (!run.ended) {
                closeQuietly(step);
            }
        }
    }

    private void closeQuietly(CallStep step) {
        try {
            step.close();
        } catch (RunStoppedException stopped) {
            // It ended just now and has closed its steps: the next use of the context says so.
            assert run.ended;
        }
    }

    @Override
    public List<ToolDescription> tools() {
        scope.check();
        return call.lease().tools();
    }

    @Override
    public <I extends Record, O extends Record> O call(Class<? extends Tool<I, O>> tool, I input) {
        scope.check();
        return services.tools.call(call, tool, input);
    }

    @Override
    public String call(String name, String arguments) {
        scope.check();
        return services.tools.call(call, name, arguments);
    }

    @Override
    public <R extends Record> Outcome<R> delegate(Delegation<R> work) {
        scope.check();
        return services.delegations.delegate(call, work);
    }

    @Override
    public <R extends Record> List<Outcome<R>> delegateAll(List<Delegation<R>> work) {
        scope.check();
        return services.delegations.delegateAll(call, List.copyOf(work));
    }

    @Override
    public <A> A ask(Question<A> question) {
        scope.check();
        return services.questions.ask(call, question);
    }

    @Override
    public UserId user() {
        return basics.user();
    }

    @Override
    public InputStream open(Attachment attachment) throws IOException {
        return basics.open(attachment);
    }

    @Override
    public void progress(String what, long done, long total) {
        basics.progress(what, done, total);
    }

    @Override
    public Instant now() {
        return basics.now();
    }

    @Override
    public Duration timeLeft() {
        return basics.timeLeft();
    }

    @Override
    public void checkpoint() {
        basics.checkpoint();
    }

    @Override
    public UserStore store() {
        return basics.store();
    }

    @Override
    public <T extends AutoCloseable> T resource(Class<T> type, Supplier<? extends T> create) {
        return basics.resource(type, create);
    }
}
