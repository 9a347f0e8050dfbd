package io.insula.engine.user;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import io.insula.agent.hosting.AgentCatalog;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds {@link UserExecutionEngine.Directory}, and needs a binding of {@link AgentCatalog}.
 *
 * <p>The directory is made once; {@link UserExecutionEngine.Directory#shutDown} ends its threads.
 */
public final class EngineModule extends AbstractModule {
    private static final Logger LOG = LoggerFactory.getLogger(EngineModule.class);
    static final String ATTACHMENTS = "attachments";
    /** How often it is looked for uploads whose time is over, while that time passes. */
    private static final int LOOKS = 4;

    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Path dataFolder;

    /**
     * Takes what the engine is made with.
     *
     * @param dataFolder where the journal and users' files are kept; it is there, and no other process writes to it.
     *     The directory cannot be made, and {@link DataRefusedException} is thrown, if what is in it cannot be used
     */
    public EngineModule(EngineLimits limits, EngineEnvironment environment, Path dataFolder) {
        this.limits = limits;
        this.environment = environment;
        this.dataFolder = dataFolder;
    }

    @Override
    protected void configure() {
        Provider<AgentCatalog> catalog = getProvider(AgentCatalog.class);
        bind(UserExecutionEngine.Directory.class)
                .toProvider(() -> directory(limits, environment, dataFolder, catalog.get()))
                .in(Scopes.SINGLETON);
    }

    static RoomDirectory directory(
            EngineLimits limits, EngineEnvironment environment, Path dataFolder, AgentCatalog catalog) {
        Alarms alarms = new ThreadAlarms(environment.platformThreads());
        EventJournal journal = journal(limits, environment, dataFolder, alarms);
        AttachmentFolder attachments = new AttachmentFolder(dataFolder.resolve(ATTACHMENTS));
        clear(OfflineData.archive(attachments));
        new StrayFiles(attachments, journal, environment.clock())
                .lookAfter(environment.platformThreads(), alarms, limits.user().uploadExpiry().dividedBy(LOOKS));
        RoomParts parts = new RoomParts(
                limits,
                environment,
                journal,
                catalog,
                new PlatformShare(limits.platform()),
                alarms,
                new AgUiEvents(environment.clock()),
                new Identity(environment.random()),
                attachments);
        return new RoomDirectory(parts);
    }

    private static void clear(BackupArchive archive) {
        try {
            archive.clear();
        } catch (IOException e) {
            LOG.warn("what a broken backup left could not be removed", e);
        }
    }

    private static EventJournal journal(
            EngineLimits limits, EngineEnvironment environment, Path dataFolder, Alarms alarms) {
        try {
            return new SqliteJournal(
                    JournalFile.in(dataFolder), new JournalSchema(), limits, environment, alarms);
        } catch (JournalVersionException e) {
            alarms.close();
            throw new DataRefusedException(e.words(), e);
        } catch (JournalTroubleException e) {
            alarms.close();
            String todo = e.trouble() == JournalTrouble.CORRUPTED
                    ? " Look at it with \"insula doctor\", and restore a backup if it cannot be mended."
                    : " Look after the disk and the rights of the data folder; \"insula doctor\" checks it.";
            throw new DataRefusedException(e.words() + todo, e);
        }
    }
}
