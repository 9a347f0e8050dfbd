package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.ContextMisuseException;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ToolContext;
import io.insula.agent.UserId;
import io.insula.agent.UserStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a tool may do during one call, and an agent too. Used by one thread. */
final class CallContext implements ToolContext {
    private static final Logger LOG = LoggerFactory.getLogger(CallContext.class);
    private static final int MAX_PROGRESS_CHARACTERS = 500;

    private final AgentCalls.Call call;
    private final CallScript script;
    private final CallScope scope;
    private final RoomServices services;
    private final List<InputStream> files = new ArrayList<>();
    private long nextProgress;
    private boolean progressed;

    /**
     * Makes the context.
     *
     * @param script the call's own for an agent; of a tool the result is recorded and not what leads to it
     */
    CallContext(AgentCalls.Call call, CallScript script, CallScope scope, RoomServices services) {
        this.call = call;
        this.script = script;
        this.scope = scope;
        this.services = services;
    }

    @Override
    public UserId user() {
        scope.check();
        return scope.user();
    }

    @Override
    public InputStream open(Attachment attachment) throws IOException {
        scope.check();
        files.removeIf(file -> file instanceof AttachmentFolder.Content content && content.isClosed());
        if (files.size() >= services.parts.limits().run().openFiles()) {
            throw new IOException("too many files are open: close what is read");
        }
        InputStream content = services.parts.attachments().open(services.user, attachment.id());
        files.add(content);
        return content;
    }

    /** Closes what the plugin left open. */
    void closeFiles() {
        for (InputStream file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("attachment could not be closed", e);
            }
        }
    }

    @Override
    public void progress(String what, long done, long total) {
        scope.check();
        String shown = WellFormed.cut(what, MAX_PROGRESS_CHARACTERS);
        String key = Digest.of(shown, done + "/" + total);
        if (script.isReplaying()) {
            script.skipProgress(key);
            return;
        }
        long now = services.parts.environment().nanoTime().getAsLong();
        boolean last = done >= total;
        if (progressed && !last && now - nextProgress < 0) {
            return;
        }
        progressed = true;
        nextProgress = now + services.parts.limits().run().progressInterval().toNanos();
        services.output.progress(
                call, shown, done, total, append -> script.record(append, ScriptKind.PROGRESS, key, ""));
    }

    @Override
    public Instant now() {
        scope.check();
        Instant now = services.parts.now();
        return Instant.parse(recorded(ScriptKind.NOW, now.toString()));
    }

    @Override
    public Duration timeLeft() {
        scope.check();
        Duration left = services.board.timeLeft(call.run());
        return Duration.parse(recorded(ScriptKind.TIME_LEFT, left.toString()));
    }

    /** What was told before, else what is told now, which is told again when the run is resumed. */
    private String recorded(ScriptKind kind, String value) {
        Optional<String> before = script.replay(kind, "");
        if (before.isEmpty() && script.isRecorded()) {
            services.output.publish(call.run(), append -> script.record(append, kind, "", value));
        }
        return before.orElse(value);
    }

    @Override
    public void checkpoint() {
        scope.check();
        if (Thread.currentThread().isInterrupted() && call.run().ended) {
            throw new RunStoppedException();
        }
    }

    @Override
    public UserStore store() {
        scope.check();
        return new PluginStore(call.plugin(), script, scope, services);
    }

    @Override
    public <T extends AutoCloseable> T resource(Class<T> type, Supplier<? extends T> create) {
        scope.check();
        if (type.getModule() == ToolContext.class.getModule()) {
            throw new ContextMisuseException("A resource is known by a class of the plugin.");
        }
        return services.resources.get(call.run(), type, create);
    }
}
