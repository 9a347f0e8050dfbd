package io.insula.engine.user;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import io.insula.agent.hosting.AgentCatalog;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Binds {@link UserExecutionEngine.Directory}, and needs a binding of {@link AgentCatalog}.
 *
 * <p>The directory is made once; {@link UserExecutionEngine.Directory#shutDown} ends its threads.
 */
public final class EngineModule extends AbstractModule {
    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Path attachmentsFolder;

    /**
     * Takes what the engine is made with.
     *
     * @param attachmentsFolder where users' files are kept; emptied when the directory is made, because the journal
     *     that knows whose they are does not outlive the process
     */
    public EngineModule(EngineLimits limits, EngineEnvironment environment, Path attachmentsFolder) {
        this.limits = limits;
        this.environment = environment;
        this.attachmentsFolder = attachmentsFolder;
    }

    @Override
    protected void configure() {
        Provider<AgentCatalog> catalog = getProvider(AgentCatalog.class);
        bind(UserExecutionEngine.Directory.class)
                .toProvider(() -> directory(limits, environment, attachmentsFolder, catalog.get()))
                .in(Scopes.SINGLETON);
    }

    static RoomDirectory directory(
            EngineLimits limits, EngineEnvironment environment, Path attachmentsFolder, AgentCatalog catalog) {
        AttachmentFolder attachments = new AttachmentFolder(attachmentsFolder);
        try {
            attachments.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("the attachments folder cannot be emptied", e);
        }
        RoomParts parts = new RoomParts(
                limits,
                environment,
                new MemoryJournal(limits, environment),
                catalog,
                new PlatformShare(limits.platform()),
                new ThreadAlarms(environment.platformThreads()),
                new AgUiEvents(environment.clock()),
                new Identity(environment.random()),
                attachments);
        return new RoomDirectory(parts);
    }
}
