package io.insula.engine.user;

import io.insula.agent.hosting.AgentCatalog;
import java.time.Instant;

/** What all users' rooms are built with. None of it knows a user's secrets but by the user's own key. */
record RoomParts(
        EngineLimits limits,
        EngineEnvironment environment,
        EventJournal journal,
        AgentCatalog catalog,
        PlatformShare platform,
        Alarms alarms,
        AgUiEvents events,
        Identity identity,
        AttachmentFolder attachments) {
    Instant now() {
        return environment.clock().instant();
    }
}
