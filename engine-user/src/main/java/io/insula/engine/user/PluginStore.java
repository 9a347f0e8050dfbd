package io.insula.engine.user;

import io.insula.agent.AgentFailure;
import io.insula.agent.RunStoppedException;
import io.insula.agent.UserStore;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.RecordChange.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** What one plugin keeps for one user. */
final class PluginStore implements UserStore {
    private static final String FOUND = "+";

    private final String plugin;
    private final CallScript script;
    private final CallScope scope;
    private final RoomServices services;

    PluginStore(String plugin, CallScript script, CallScope scope, RoomServices services) {
        this.plugin = plugin;
        this.script = script;
        this.scope = scope;
        this.services = services;
    }

    @Override
    public Optional<String> get(String name) {
        StoreKey key = key(name);
        String digest = Digest.of(key.name());
        Optional<String> before = script.replay(ScriptKind.GET, digest);
        if (before.isPresent()) {
            return before.get().isEmpty() ? Optional.empty() : Optional.of(before.get().substring(1));
        }
        Optional<String> text = services.parts.journal().text(services.user, key);
        record(ScriptKind.GET, digest, text.map(found -> FOUND + found).orElse(""));
        return text;
    }

    private void record(ScriptKind kind, String key, String value) {
        if (script.isRecorded()) {
            services.output.publish(scope.run(), append -> script.record(append, kind, key, value));
        }
    }

    @Override
    public void put(String name, String text) throws AgentFailure {
        StoreKey key = key(name);
        String kept = WellFormed.text(text);
        String digest = Digest.of(key.name(), kept);
        Optional<String> before = script.replay(ScriptKind.PUT, digest);
        if (before.isPresent()) {
            failAgain(before.get());
            return;
        }
        // One at a time: two that fit alone must not exceed the limit together.
        services.storeTurn.lock();
        try {
            if (isOver(key, kept)) {
                throw full(digest);
            }
            publish(new RecordChange.TextKept(key, kept),
                    append -> script.record(append, ScriptKind.PUT, digest, Outcomes.returned("")));
        } finally {
            services.storeTurn.unlock();
        }
    }

    private AgentFailure full(String digest) {
        String message = "What plugins keep for you may take " + services.parts.limits().user().storeBytes()
                + " bytes together.";
        record(ScriptKind.PUT, digest, Outcomes.failed(ErrorCode.STORE_FULL.word(), message));
        return new AgentFailure(ErrorCode.STORE_FULL.word(), message);
    }

    private static void failAgain(String outcome) throws AgentFailure {
        Optional<Faults.Fault> failure = Outcomes.failure(outcome);
        if (failure.isPresent()) {
            throw new AgentFailure(failure.get().code(), failure.get().message());
        }
    }

    private void publish(RecordChange change, Consumer<JournalAppend> record) {
        try {
            // Not given up when the run is stopped: who holds the turn holds it until what it has written counts.
            services.output
                    .publish(scope.run(), append -> {
                        append.change(change);
                        record.accept(append);
                    })
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
        String digest = Digest.of(key.name());
        if (script.replay(ScriptKind.REMOVE, digest).isEmpty()) {
            publish(new RecordChange.TextForgotten(key),
                    append -> script.record(append, ScriptKind.REMOVE, digest, ""));
        }
    }

    @Override
    public List<String> names() {
        scope.check();
        Optional<String> before = script.replay(ScriptKind.NAMES, "");
        if (before.isPresent()) {
            return read(before.get());
        }
        List<String> names = services.parts.journal().textNames(services.user, plugin);
        record(ScriptKind.NAMES, "", written(names));
        return names;
    }

    /** A name may hold whatever would part it from the next. */
    private static String written(List<String> names) {
        StringBuilder all = new StringBuilder();
        names.forEach(name -> all.append(name.length()).append(':').append(name));
        return all.toString();
    }

    private static List<String> read(String written) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < written.length()) {
            int colon = written.indexOf(':', at);
            int end = colon + 1 + Integer.parseInt(written.substring(at, colon));
            names.add(written.substring(colon + 1, end));
            at = end;
        }
        return List.copyOf(names);
    }

    private StoreKey key(String name) {
        scope.check();
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME_LENGTH + " characters");
        }
        return new StoreKey(plugin, WellFormed.text(name));
    }
}
