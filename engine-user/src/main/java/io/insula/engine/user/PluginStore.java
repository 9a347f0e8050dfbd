package io.insula.engine.user;

import io.insula.agent.AgentFailure;
import io.insula.agent.RunStoppedException;
import io.insula.agent.UserStore;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.RecordChange.StoreKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What one plugin keeps for one user. */
final class PluginStore implements UserStore {
    private final String plugin;
    private final CallScope scope;
    private final RoomServices services;

    PluginStore(String plugin, CallScope scope, RoomServices services) {
        this.plugin = plugin;
        this.scope = scope;
        this.services = services;
    }

    @Override
    public Optional<String> get(String name) {
        return services.parts.journal().text(services.user, key(name));
    }

    @Override
    public void put(String name, String text) throws AgentFailure {
        StoreKey key = key(name);
        String kept = WellFormed.text(text);
        // One at a time: two that fit alone must not exceed the limit together.
        services.storeTurn.lock();
        try {
            if (isOver(key, kept)) {
                throw new AgentFailure(
                        ErrorCode.STORE_FULL.word(),
                        "What plugins keep for you may take "
                                + services.parts.limits().user().storeBytes() + " bytes together.");
            }
            publish(new RecordChange.TextKept(key, kept));
        } finally {
            services.storeTurn.unlock();
        }
    }

    private void publish(RecordChange change) {
        try {
            // Not given up when the run is stopped: who holds the turn holds it until what it has written counts.
            services.output
                    .publish(scope.run(), append -> append.change(change))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException unwritten) {
            throw new RunStoppedException();
        }
    }

    private boolean isOver(StoreKey key, String text) {
        EventJournal journal = services.parts.journal();
        long before = journal.text(services.user, key)
                .map(old -> key.bytesWith(old))
                .orElse(0L);
        return journal.textBytes(services.user) - before + key.bytesWith(text) > services.parts.limits().user()
                .storeBytes();
    }

    @Override
    public void remove(String name) {
        StoreKey key = key(name);
        publish(new RecordChange.TextForgotten(key));
    }

    @Override
    public List<String> names() {
        scope.check();
        return services.parts.journal().textNames(services.user, plugin);
    }

    private StoreKey key(String name) {
        scope.check();
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME_LENGTH + " characters");
        }
        return new StoreKey(plugin, WellFormed.text(name));
    }
}
