package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInput;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.ConversationMessage;
import io.insula.agent.Delegation;
import io.insula.agent.MessageWriter;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ThreadId;
import io.insula.agent.Tool;
import io.insula.agent.ToolCallException;
import io.insula.agent.ToolDescription;
import io.insula.agent.ToolInfo;
import io.insula.agent.UserId;
import io.insula.agent.UserStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A context that runs the advisor's own agents and tools in the calling thread and writes down what they do. */
final class RecordingContext implements AgentContext {
    /** What all contexts of one run share. */
    static final class World {
        final List<String> events = new ArrayList<>();
        final List<String> messages = new ArrayList<>();
        final Map<AttachmentId, byte[]> files = new HashMap<>();
        final Map<String, Supplier<Agent>> agents = new HashMap<>();
        final Deque<List<Attachment>> answers = new ArrayDeque<>();
        final List<ConversationMessage> conversation = new ArrayList<>();
        int checkpointsLeft = Integer.MAX_VALUE;

        World() {
            agents.put("cost-advisor", CostAdvisorAgent::new);
            agents.put("triage", TriageAgent::new);
            agents.put("data", DataAgent::new);
            agents.put("optimization", OptimizationAgent::new);
            agents.put("actions", ActionsAgent::new);
            agents.put("reporting", ReportingAgent::new);
        }

        Attachment file(String name, String text) {
            var id = new AttachmentId("file-" + files.size());
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            files.put(id, bytes);
            return new Attachment(id, name, "text/csv", bytes.length);
        }

        /** Runs an agent as a user's call. */
        Record run(String agent, String question, Attachment... attachments) throws Exception {
            var context = new RecordingContext(this, new AgentInput(question, List.of(attachments)), Optional.empty());
            return agent(agent).run(context).data();
        }

        private Agent agent(String name) {
            Supplier<Agent> supplier = agents.get(name);
            if (supplier == null) {
                throw new IllegalArgumentException("no agent " + name);
            }
            return supplier.get();
        }
    }

    private final World world;
    private final AgentInput input;
    private final Optional<Record> data;

    private RecordingContext(World world, AgentInput input, Optional<Record> data) {
        this.world = world;
        this.input = input;
        this.data = data;
    }

    @Override
    public ThreadId thread() {
        return new ThreadId("thread");
    }

    @Override
    public RunId run() {
        return new RunId("run");
    }

    @Override
    public AgentInput input() {
        return input;
    }

    @Override
    public <T extends Record> Optional<T> data(Class<T> type) throws AgentFailure {
        if (data.isPresent() && !type.isInstance(data.get())) {
            throw new AgentFailure("data-mismatch", "expected " + type.getSimpleName());
        }
        return data.map(type::cast);
    }

    @Override
    public List<ConversationMessage> conversation(int limit) {
        int size = world.conversation.size();
        return List.copyOf(world.conversation.subList(Math.max(0, size - limit), size));
    }

    @Override
    public void say(String text) {
        world.messages.add(text);
    }

    @Override
    public MessageWriter message() {
        int index = world.messages.size();
        world.messages.add("");
        return writer(text -> world.messages.set(index, world.messages.get(index) + text));
    }

    @Override
    public void think(String text) {
        world.events.add("think " + text);
    }

    @Override
    public MessageWriter thought() {
        return writer(text -> world.events.add("think " + text));
    }

    private static MessageWriter writer(Consumer<String> sink) {
        return new MessageWriter() {
            @Override
            public void write(String text) {
                sink.accept(text);
            }

            @Override
            public void close() {
                // Nothing is held open.
            }
        };
    }

    @Override
    public void step(String name, StepWork work) throws Exception {
        world.events.add("step " + name);
        work.run();
    }

    @Override
    public List<ToolDescription> tools() {
        return List.of();
    }

    @Override
    public <I extends Record, O extends Record> O call(Class<? extends Tool<I, O>> tool, I arguments) {
        String name = tool.getAnnotation(ToolInfo.class).name();
        world.events.add("tool " + name);
        try {
            return tool.getDeclaredConstructor().newInstance().call(arguments, this);
        } catch (RunStoppedException e) {
            throw e;
        } catch (AgentFailure e) {
            throw new ToolCallException(e.code(), e.getMessage());
        } catch (Exception e) {
            throw new AssertionError("the tool failed unforeseen", e);
        }
    }

    @Override
    public String call(String name, String arguments) {
        throw new UnsupportedOperationException("the advisor's agents call tools by their class");
    }

    @Override
    public <R extends Record> Outcome<R> delegate(Delegation<R> work) {
        world.events.add("agent " + work.agent());
        var context = new RecordingContext(world, new AgentInput(work.text(), work.attachments()), work.data());
        try {
            return new Outcome.Completed<>(work.resultType().cast(world.agent(work.agent()).run(context).data()));
        } catch (RunStoppedException e) {
            throw e;
        } catch (AgentFailure e) {
            return new Outcome.Failed<>(e.code(), e.getMessage());
        } catch (Exception e) {
            return new Outcome.Failed<>("agent-failed", "The agent failed.");
        }
    }

    @Override
    public <R extends Record> List<Outcome<R>> delegateAll(List<Delegation<R>> work) {
        return work.stream().map(this::delegate).toList();
    }

    @Override
    @SuppressWarnings("unchecked") // A question for files is answered by files.
    public <A> A ask(Question<A> question) {
        world.events.add("ask " + question.getClass().getSimpleName() + " " + question.text());
        return (A) world.answers.remove();
    }

    @Override
    public UserId user() {
        return new UserId("issuer", "subject");
    }

    @Override
    public InputStream open(Attachment attachment) throws IOException {
        byte[] bytes = world.files.get(attachment.id());
        if (bytes == null) {
            throw new IOException("no such file");
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void progress(String what, long done, long total) {
        world.events.add("progress " + what + " " + done + "/" + total);
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public Duration timeLeft() {
        return Duration.ofMinutes(10);
    }

    @Override
    public void checkpoint() {
        world.events.add("checkpoint");
        if (world.checkpointsLeft-- == 0) {
            throw new RunStoppedException();
        }
    }

    @Override
    public UserStore store() {
        throw new UnsupportedOperationException("the advisor keeps nothing");
    }

    @Override
    public <T extends AutoCloseable> T resource(Class<T> type, Supplier<? extends T> create) {
        throw new UnsupportedOperationException("the advisor keeps nothing");
    }
}
