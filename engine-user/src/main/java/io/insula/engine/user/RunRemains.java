package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.AgUiEvents.Author;
import io.insula.engine.user.EventJournal.LogBounds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a run that was interrupted has open, and how much it has written, as its events tell. */
final class RunRemains {
    private static final int EVENTS_AT_ONCE = 512;
    private static final int BYTES_AT_ONCE = 1 << 20;
    private static final String ACCEPTANCE = "\"insula.run.accepted\"";

    private final RunId run;
    private final String agent;
    private final OpenItems items = new OpenItems();
    private final Map<String, OpenItems.Item> byId = new HashMap<>();
    private final Map<String, Author> askers = new HashMap<>();
    private final Map<String, String> agents = new HashMap<>();
    private int events;
    private int steps;
    private long bytes;
    private long lastItem;

    private RunRemains(RunId run, String agent) {
        this.run = run;
        this.agent = agent;
    }

    /**
     * Reads what is left of these runs. Waits for storage.
     *
     * @param agents the agent of each run
     */
    static Map<RunId, RunRemains> read(EventJournal journal, UserId user, Map<RunId, String> agents) {
        Map<RunId, RunRemains> remains = new HashMap<>();
        if (agents.isEmpty()) {
            return remains;
        }
        agents.forEach((run, agent) -> remains.put(run, new RunRemains(run, agent)));
        EventReader reader = new EventReader();
        long at = beforeFirst(journal, user, agents.keySet());
        while (true) {
            List<UserEvent> events = journal.read(user, at, EVENTS_AT_ONCE, BYTES_AT_ONCE);
            if (events.isEmpty()) {
                return remains;
            }
            for (UserEvent event : events) {
                RunRemains of = remains.get(event.run());
                if (of != null) {
                    of.bytes += event.json().length();
                    of.read(reader.texts(event.json()));
                }
            }
            at = events.getLast().sequence();
        }
    }

    /** A sequence before the first event of any of these runs: looked for from the end, where they most likely are. */
    private static long beforeFirst(EventJournal journal, UserId user, Set<RunId> runs) {
        LogBounds bounds = journal.bounds(user);
        Set<RunId> missing = new HashSet<>(runs);
        long end = bounds.head();
        long window = EVENTS_AT_ONCE;
        while (!missing.isEmpty() && end >= bounds.start()) {
            long begin = Math.max(bounds.start() - 1, end - window);
            removeAccepted(journal, user, begin, end, missing);
            end = begin;
            window *= 2;
        }
        return end;
    }

    private static void removeAccepted(EventJournal journal, UserId user, long begin, long end, Set<RunId> missing) {
        long at = begin;
        while (at < end) {
            List<UserEvent> events = journal.read(user, at, (int) Math.min(end - at, EVENTS_AT_ONCE), BYTES_AT_ONCE);
            if (events.isEmpty()) {
                return;
            }
            events.stream().filter(event -> event.json().contains(ACCEPTANCE)).forEach(event -> missing.remove(
                    event.run()));
            at = events.getLast().sequence();
        }
    }

    private void read(Map<String, String> event) {
        events++;
        Author author = new Author(find(event, "subagentRunId"));
        event.values().forEach(this::countItem);
        switch (text(event, "type")) {
            case "TEXT_MESSAGE_START" -> open(
                    text(event, "messageId"),
                    new OpenItems.Message(author, agentOf(author), text(event, "messageId")));
            case "REASONING_MESSAGE_START" -> open(
                    text(event, "messageId"), new OpenItems.Thought(author, text(event, "messageId")));
            case "TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT" -> {
                if (byId.get(text(event, "messageId")) instanceof OpenItems.Writing writing) {
                    writing.text().append(text(event, "delta"));
                }
            }
            case "TEXT_MESSAGE_END", "REASONING_MESSAGE_END" -> close(text(event, "messageId"));
            case "TOOL_CALL_START" -> {
                steps++;
                open(text(event, "toolCallId"), new OpenItems.ToolCall(author, text(event, "toolCallId")));
            }
            case "TOOL_CALL_RESULT" -> close(text(event, "toolCallId"));
            case "STEP_STARTED" -> {
                steps++;
                items.open(new OpenItems.Step(author, text(event, "stepName")));
            }
            case "STEP_FINISHED" -> items.close(new OpenItems.Step(author, text(event, "stepName")));
            case "SUBAGENT_STARTED" -> {
                steps++;
                String subAgent = text(event, "subagentRunId");
                agents.put(subAgent, text(event, "name"));
                open(
                        subAgent,
                        new OpenItems.SubAgent(
                                new Author(find(event, "parentSubagentRunId")), subAgent, text(event, "name")));
            }
            case "SUBAGENT_FINISHED", "SUBAGENT_ERROR" -> close(text(event, "subagentRunId"));
            case "CUSTOM" -> find(event, "value.question").ifPresent(question -> askers.putIfAbsent(question, author));
            default -> {
                // Nothing is opened or closed.
            }
        }
    }

    private static String text(Map<String, String> event, String name) {
        return event.getOrDefault(name, "");
    }

    private static Optional<String> find(Map<String, String> event, String name) {
        return Optional.ofNullable(event.get(name));
    }

    private String agentOf(Author author) {
        return author.subAgentRun().map(subAgent -> agents.getOrDefault(subAgent, agent)).orElse(agent);
    }

    private void open(String id, OpenItems.Item item) {
        items.open(item);
        byId.put(id, item);
    }

    private void close(String id) {
        OpenItems.Item item = byId.remove(id);
        if (item != null) {
            items.close(item);
        }
    }

    /** Ids are the run's with a dot, a letter and a number behind it. */
    private void countItem(String text) {
        String prefix = run.value() + ".";
        if (text.startsWith(prefix) && text.substring(prefix.length()).matches("[a-z][0-9]{1,18}")) {
            lastItem = Math.max(lastItem, Long.parseLong(text.substring(prefix.length() + 1)));
        }
    }

    /** What is open, in the order begun. */
    OpenItems items() {
        return items;
    }

    /** Who asks this question. */
    Optional<Author> asker(String question) {
        return Optional.ofNullable(askers.get(question));
    }

    /** Has the run go on counting from here. */
    void count(LiveRun live) {
        live.events = events;
        live.eventBytes = bytes;
        live.steps = steps;
        live.countItemsFrom(lastItem);
    }
}
