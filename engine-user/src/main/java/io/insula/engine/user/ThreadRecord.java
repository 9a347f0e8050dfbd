package io.insula.engine.user;

import io.insula.agent.ThreadId;
import java.time.Instant;

/** A conversation, as the journal keeps it. */
record ThreadRecord(ThreadId id, String title, String agent, Instant createdAt, Instant updatedAt) {
    ThreadRecord withTitle(String newTitle) {
        return new ThreadRecord(id, newTitle, agent, createdAt, updatedAt);
    }

    ThreadRecord usedBy(String newAgent, Instant at) {
        return new ThreadRecord(id, title, newAgent, createdAt, at);
    }
}
