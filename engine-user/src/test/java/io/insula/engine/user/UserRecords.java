package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What is kept of one user beside the events. Guarded by the lock of its {@link UserLog}. */
final class UserRecords {
    private final EngineLimits.User limits;
    final Map<ThreadId, ThreadRecord> threads = new HashMap<>();
    /** Threads by when they were last used, which is counted and not timed, so that no two are equal. */
    final TreeMap<Long, ThreadId> threadsByUse = new TreeMap<>();

    private final Map<ThreadId, Long> lastUse = new HashMap<>();
    private long uses;
    final Map<RunId, RunRecord> runs = new HashMap<>();
    final TreeMap<Long, RunId> runsByOrdinal = new TreeMap<>();
    final TreeMap<Long, RunId> unfinished = new TreeMap<>();
    private final Map<RunId, RunCarry> carries = new HashMap<>();
    private final Map<RunId, List<ScriptEntry>> scripts = new HashMap<>();
    private long scriptCharacters;
    private long lastRunOrdinal;
    final Map<ThreadId, TreeMap<MessageRecord.Key, MessageRecord>> messages = new HashMap<>();
    final LinkedHashMap<UUID, RequestRecord> requests = new LinkedHashMap<>();
    final Map<AttachmentId, Attachment> attachments = new HashMap<>();
    final Map<RecordChange.StoreKey, String> texts = new HashMap<>();
    private long attachmentsBytes;
    private long textBytes;
    private long messageCharacters;

    UserRecords(EngineLimits.User limits) {
        this.limits = limits;
    }

    long lastRunOrdinal() {
        return lastRunOrdinal;
    }

    long attachmentsBytes() {
        return attachmentsBytes;
    }

    long textBytes() {
        return textBytes;
    }

    /** Roughly what the records take in memory. */
    long bytes() {
        return messageCharacters + scriptCharacters + textBytes
                + 500L * (threads.size() + runs.size() + requests.size() + attachments.size());
    }

    boolean isUnfinished(RunId run) {
        RunRecord record = runs.get(run);
        return record != null && !record.state().isTerminal();
    }

    private boolean hasEnded(RunId run) {
        RunRecord record = runs.get(run);
        return record != null && record.state().isTerminal();
    }

    List<UnfinishedRun> unfinishedRuns() {
        List<UnfinishedRun> found = new ArrayList<>();
        for (RunId id : unfinished.values()) {
            RunRecord run = runs.get(id);
            if (run != null) {
                found.add(new UnfinishedRun(run, carries.getOrDefault(id, RunCarry.nothing())));
            }
        }
        return found;
    }

    List<ScriptEntry> script(RunId run) {
        return List.copyOf(scripts.getOrDefault(run, List.of()));
    }

    boolean isBusy(ThreadId thread) {
        return unfinished.values().stream().map(runs::get).anyMatch(run -> run != null && run.thread().equals(thread));
    }

    Optional<RequestRecord> request(UUID id) {
        return Optional.ofNullable(requests.get(id));
    }

    /** Refuses an append that must not be made, before anything of it is. */
    void check(JournalAppend append) throws EventJournal.JournalException {
        int coming = 0;
        for (RecordChange change : append.changes()) {
            if (change instanceof RecordChange.RequestAccepted accepted && requests.containsKey(accepted.id())) {
                throw new EventJournal.RequestKnownException(requests.get(accepted.id()));
            }
            coming += makesThread(change) ? 1 : 0;
        }
        if (coming > 0 && threads.size() + coming > limits.threads()) {
            throw new EventJournal.ThreadsFullException();
        }
    }

    private boolean makesThread(RecordChange change) {
        return switch (change) {
            case RecordChange.ThreadUsed used -> !threads.containsKey(used.thread());
            case RecordChange.ThreadForked forked -> threads.containsKey(forked.source())
                    && !threads.containsKey(forked.fork());
            default -> false;
        };
    }

    void apply(RecordChange change, EventJournal.Appended place, Instant now) {
        switch (change) {
            case RecordChange.ThreadUsed used -> use(used);
            case RecordChange.ThreadRenamed(ThreadId thread, String title) -> threads.computeIfPresent(thread,
                    (id, before) -> before.withTitle(title));
            case RecordChange.ThreadDeleted(ThreadId thread) -> delete(thread);
            case RecordChange.RunSaved(RunRecord run) -> save(run);
            case RecordChange.RunCarried(RunId run, RunCarry carry) -> {
                if (!hasEnded(run)) {
                    carries.put(run, carry);
                }
            }
            case RecordChange.Scripted(RunId run, ScriptEntry entry) -> {
                if (!hasEnded(run)) {
                    scripts.computeIfAbsent(run, r -> new ArrayList<>()).add(entry);
                    scriptCharacters += entry.content().length();
                }
            }
            case RecordChange.ThreadForked forked -> fork(forked);
            case RecordChange.MessageSaved(MessageRecord message) -> save(message);
            case RecordChange.MessagesHidden hidden -> hide(hidden);
            case RecordChange.RequestAccepted(UUID id, Record body, RunId run, ThreadId thread, int behind) -> {
                requests.put(id, new RequestRecord(id, body, new Receipt(run, thread, place.positionBefore(behind))));
                forgetRequests(now);
            }
            case RecordChange.AttachmentSaved(Attachment attachment) -> {
                if (attachments.putIfAbsent(attachment.id(), attachment) == null) {
                    attachmentsBytes += attachment.bytes();
                }
            }
            case RecordChange.TextKept(RecordChange.StoreKey key, String text) -> {
                forget(key);
                texts.put(key, text);
                textBytes += key.bytesWith(text);
            }
            case RecordChange.TextForgotten(RecordChange.StoreKey key) -> forget(key);
        }
    }

    private void fork(RecordChange.ThreadForked forked) {
        if (!threads.containsKey(forked.source()) || threads.containsKey(forked.fork())) {
            return;
        }
        use(new RecordChange.ThreadUsed(forked.fork(), forked.title(), forked.agent(), forked.at()));
        TreeMap<MessageRecord.Key, MessageRecord> said = messages.get(forked.source());
        if (said != null) {
            List.copyOf(said.headMap(forked.upTo(), true).values())
                    .forEach(message -> save(message.in(forked.fork())));
        }
    }

    private void use(RecordChange.ThreadUsed used) {
        ThreadRecord known = threads.get(used.thread());
        threads.put(
                used.thread(),
                known == null
                        ? new ThreadRecord(used.thread(), used.titleIfNew(), used.agent(), used.at(), used.at())
                        : known.usedBy(used.agent(), used.at()));
        Long before = lastUse.put(used.thread(), ++uses);
        if (before != null) {
            threadsByUse.remove(before);
        }
        threadsByUse.put(uses, used.thread());
    }

    private void delete(ThreadId thread) {
        threads.remove(thread);
        Long use = lastUse.remove(thread);
        if (use != null) {
            threadsByUse.remove(use);
        }
        TreeMap<MessageRecord.Key, MessageRecord> gone = messages.remove(thread);
        if (gone != null) {
            gone.values().forEach(message -> messageCharacters -= message.text().length());
        }
    }

    private void save(RunRecord run) {
        runs.put(run.id(), run);
        runsByOrdinal.put(run.ordinal(), run.id());
        lastRunOrdinal = Math.max(lastRunOrdinal, run.ordinal());
        if (run.state().isTerminal()) {
            unfinished.remove(run.ordinal());
            carries.remove(run.id());
            List<ScriptEntry> script = scripts.remove(run.id());
            if (script != null) {
                script.forEach(entry -> scriptCharacters -= entry.content().length());
            }
        } else {
            unfinished.put(run.ordinal(), run.id());
        }
        Iterator<RunId> oldest = runsByOrdinal.values().iterator();
        while (runsByOrdinal.size() > limits.runsKept() && oldest.hasNext()) {
            RunId candidate = oldest.next();
            if (!isUnfinished(candidate)) {
                runs.remove(candidate);
                oldest.remove();
            }
        }
    }

    private void save(MessageRecord message) {
        TreeMap<MessageRecord.Key, MessageRecord> thread =
                messages.computeIfAbsent(message.thread(), t -> new TreeMap<>());
        thread.put(message.key(), message);
        messageCharacters += message.text().length();
        while (thread.size() > limits.messagesPerThread()) {
            messageCharacters -= thread.pollFirstEntry().getValue().text().length();
        }
    }

    private void hide(RecordChange.MessagesHidden hidden) {
        TreeMap<MessageRecord.Key, MessageRecord> thread = messages.get(hidden.thread());
        if (thread == null) {
            return;
        }
        thread.values().removeIf(message -> {
            boolean gone = hidden.runs().contains(message.run());
            if (gone) {
                messageCharacters -= message.text().length();
            }
            return gone;
        });
    }

    private void forgetRequests(Instant now) {
        Instant oldest = now.minus(limits.requestsKept());
        Iterator<RequestRecord> records = requests.values().iterator();
        while (records.hasNext()) {
            RunRecord run = runs.get(records.next().receipt().run());
            boolean expired = run != null && run.endedAt().filter(ended -> ended.isBefore(oldest)).isPresent();
            if (!expired && requests.size() <= limits.requestsCount()) {
                break;
            }
            records.remove();
        }
    }

    private void forget(RecordChange.StoreKey key) {
        String before = texts.remove(key);
        if (before != null) {
            textBytes -= key.bytesWith(before);
        }
    }
}
