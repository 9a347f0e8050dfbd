package io.insula.transport.websocket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has open at a place of its events: steps, messages, thoughts, calls of tools, sub-agents. An end in AG-UI
 * closes everything, also where the run itself goes on; what follows opens it again, under the same ids. Confined to one
 * thread.
 */
final class OpenEntities {
    /** A kind of thing that is opened by one event and closed by another. */
    private enum Kind {
        TEXT("TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "messageId"), THOUGHTS("REASONING_START", "REASONING_END",
                "messageId"), THOUGHT("REASONING_MESSAGE_START", "REASONING_MESSAGE_END", "messageId"), TOOL_CALL(
                        "TOOL_CALL_START", "TOOL_CALL_END", "toolCallId"), STEP("STEP_STARTED", "STEP_FINISHED",
                                "stepName"), SUB_AGENT("SUBAGENT_STARTED", "SUBAGENT_FINISHED", "subagentRunId");

        private final String start;
        private final String end;
        private final String id;

        Kind(String start, String end, String id) {
            this.start = start;
            this.end = end;
            this.id = id;
        }
    }

    /** Steps of one name may be open at once, each of another owner. */
    private record Key(Kind kind, String owner, String id) {}

    /**
     * What is open.
     *
     * @param end the type of event that closes it
     * @param idMember the member that names it
     * @param id its id
     * @param owner the sub-agent it belongs to, or that it is; empty for the run itself
     * @param opening the event that opened it, as JSON
     */
    record Entity(String end, String idMember, String id, Optional<String> owner, String opening) {
        boolean isSubAgent() {
            return idMember.equals(Kind.SUB_AGENT.id);
        }
    }

    private final Map<Key, Entity> open = new LinkedHashMap<>();

    void follow(EventHead event, String json) {
        for (Kind kind : Kind.values()) {
            Key key = new Key(kind, event.name("subagentRunId"), event.name(kind.id));
            if (event.type().equals(kind.start)) {
                Optional<String> owner = Optional.of(key.owner()).filter(name -> !name.isEmpty());
                open.put(key, new Entity(kind.end, kind.id, key.id(), owner, json));
            } else if (event.type().equals(kind.end)
                    || (kind == Kind.SUB_AGENT && event.type().equals("SUBAGENT_ERROR"))) {
                open.remove(key);
            }
        }
    }

    /** In the order in which they were opened, in which they can be opened again, and closed from the last. */
    List<Entity> inOrder() {
        return new ArrayList<>(open.values());
    }
}
