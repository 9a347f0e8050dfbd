package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares the threads, runs and messages that a user can read with the events and with what the user was told, when
 * everything has ended. Whatever does not fit is noted in the ledger.
 */
final class RecordCheck {
    private final UserLedger ledger;
    private final FrailConnection connection;

    RecordCheck(UserLedger ledger, FrailConnection connection) {
        this.ledger = ledger;
        this.connection = connection;
    }

    void check() throws LostException, InterruptedException {
        checkSnapshot();
        checkRuns();
        for (var thread : checkedThreads()) {
            checkMessages(thread);
        }
    }

    private JsonNode read(ObjectNode message) throws LostException, InterruptedException {
        var reply = connection.call(message);
        if (!reply.path("type").asString().equals("result")) {
            ledger.find(message + " got " + reply);
        }
        return reply;
    }

    private List<JsonNode> pages(ObjectNode first, String items) throws LostException, InterruptedException {
        var all = new ArrayList<JsonNode>();
        var message = first.put("size", 200);
        while (true) {
            var page = read(message);
            page.path(items).forEach(all::add);
            if (!page.has("next")) {
                return all;
            }
            message = connection.again(message);
            message.set("after", page.path("next"));
        }
    }

    private void checkSnapshot() throws LostException, InterruptedException {
        var snapshot = read(connection.message("snapshot"));
        if (snapshot.path("position").path("sequence").asLong() != ledger.seen()
                || !snapshot.path("runs").isEmpty()) {
            ledger.find("after the end of everything, at #" + ledger.seen() + ", the snapshot is "
                    + snapshot.path("position") + " with " + snapshot.path("runs"));
        }
    }

    private void checkRuns() throws LostException, InterruptedException {
        var read = new HashMap<String, JsonNode>();
        pages(connection.message("runs.list"), "runs").forEach(run -> read.put(run.path("run").asString(), run));
        var deleted = ledger.deleted();
        for (var event : ledger.events()) {
            if (event.isTerminal() && !isDeleted(deleted, event.thread())) {
                var run = read.get(event.run());
                if (run == null) {
                    ledger.find("there is no record of " + event.run());
                } else if (!run.path("state").asString().equals(RunStates.of(event)) || !run.has("endedAt")
                        || !run.path("questions").isEmpty()) {
                    ledger.find("ended with " + event.event() + ", recorded as " + run);
                }
            }
        }
    }

    /** Whether the thread may have been deleted: of the last one before a crash nobody knows. */
    private static boolean isDeleted(Set<String> deleted, String thread) {
        return deleted.contains(thread) || thread.startsWith("gone-");
    }

    private List<String> checkedThreads() throws LostException, InterruptedException {
        Map<String, String> read = pages(connection.message("threads.list"), "threads").stream()
                .collect(Collectors.toMap(each -> each.path("thread").asString(),
                        each -> each.path("title").asString()));
        for (var gone : ledger.deleted()) {
            if (read.containsKey(gone)) {
                ledger.find("deleted, and there: " + gone);
            }
        }
        ledger.titles().forEach((thread, titles) -> {
            // Empty stands for the title that the server gives by itself.
            String title = read.getOrDefault(thread, "none");
            if (!titles.contains(title) && !(titles.contains("") && !title.startsWith("title "))) {
                ledger.find(thread + " was named one of " + titles + " and is named " + title);
            }
        });
        var threads = ledger.events().stream().map(ReceivedEvent::thread)
                .filter(thread -> !isDeleted(ledger.deleted(), thread)).distinct().toList();
        threads.stream().filter(thread -> !read.containsKey(thread))
                .forEach(thread -> ledger.find("there is no record of the thread " + thread));
        return threads.stream().filter(read::containsKey).toList();
    }

    /** The inputs of the thread, and what successful runs said, word for word. */
    private void checkMessages(String thread) throws LostException, InterruptedException {
        if (thread.equals(UserActions.DISTURBED_THREAD)) {
            return;
        }
        var messages = pages(connection.message("thread.read").put("thread", thread), "messages");
        var inputs = new ArrayList<String>();
        var kept = new HashMap<String, String>();
        for (var message : messages) {
            if (message.path("role").asString().equals("user")) {
                inputs.add(message.path("run").asString());
            } else {
                kept.put(message.path("id").asString(), message.path("text").asString());
            }
        }
        var events = ledger.events().stream().filter(event -> event.thread().equals(thread)).toList();
        var accepted = events.stream().filter(event -> event.isCustom("insula.run.accepted")).map(ReceivedEvent::run)
                .toList();
        if (!inputs.containsAll(accepted) || inputs.stream().distinct().count() != accepted.size()) {
            ledger.find("the inputs of " + thread + " are of " + inputs + ", accepted were " + accepted);
        }
        checkSaid(events, kept);
    }

    private void checkSaid(List<ReceivedEvent> events, Map<String, String> kept) {
        var completed = events.stream()
                .filter(event -> event.isTerminal() && RunStates.of(event).equals("completed")).map(ReceivedEvent::run)
                .collect(Collectors.toSet());
        var shown = new LinkedHashMap<String, StringBuilder>();
        for (var event : events) {
            if (completed.contains(event.run()) && event.type().equals("TEXT_MESSAGE_CONTENT")) {
                shown.computeIfAbsent(event.text("messageId"), first -> new StringBuilder())
                        .append(event.text("delta"));
            }
        }
        shown.forEach((message, words) -> {
            if (!words.toString().equals(kept.getOrDefault(message, ""))) {
                ledger.find("the message " + message + " was shown as \"" + words + "\" and is kept as \""
                        + kept.get(message) + "\"");
            }
        });
    }
}
