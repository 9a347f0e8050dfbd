package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that the memory journal keeps of one user, as it was at one moment. */
record LogCopy(
        EventJournal.LogBounds bounds,
        List<ThreadRecord> threads,
        List<MessageRecord> messages,
        List<RunRecord> runs,
        List<RequestRecord> requests,
        List<Attachment> attachments,
        Map<RecordChange.StoreKey, String> texts,
        List<UserEvent> events) {
    /** Copies; called under the lock that guards what is copied. */
    static LogCopy of(String epoch, EventWindow events, UserRecords records) {
        List<ThreadRecord> threads = new ArrayList<>();
        List<MessageRecord> messages = new ArrayList<>();
        records.threadsByUse.values().stream().map(records.threads::get).forEach(thread -> {
            if (thread != null) {
                threads.add(thread);
                var said = records.messages.get(thread.id());
                if (said != null) {
                    messages.addAll(said.values());
                }
            }
        });
        List<RunRecord> runs = new ArrayList<>();
        records.runsByOrdinal.values().stream().map(records.runs::get).forEach(run -> {
            if (run != null) {
                runs.add(run);
            }
        });
        return new LogCopy(
                new EventJournal.LogBounds(epoch, events.start(), events.head()),
                threads,
                messages,
                runs,
                List.copyOf(records.requests.values()),
                List.copyOf(records.attachments.values()),
                Map.copyOf(records.texts),
                events.after(0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    void show(JournalVisitor visitor) throws IOException {
        for (ThreadRecord thread : threads) {
            visitor.thread(thread);
        }
        for (MessageRecord message : messages) {
            visitor.message(message);
        }
        for (RunRecord run : runs) {
            visitor.run(run);
        }
        for (RequestRecord request : requests) {
            visitor.request(request);
        }
        for (Attachment attachment : attachments) {
            visitor.attachment(attachment);
        }
        for (Map.Entry<RecordChange.StoreKey, String> text : texts.entrySet()) {
            visitor.text(text.getKey(), text.getValue());
        }
        for (UserEvent event : events) {
            visitor.event(event);
        }
    }
}
