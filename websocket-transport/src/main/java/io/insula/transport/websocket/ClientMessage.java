package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.SubscribeFrom;
import java.util.Optional;

/** What a client can say; each kind has one way to be handled. */
sealed interface ClientMessage {
    /** What the reply carries. */
    String id();

    record RunStart(String id, RunRequest request) implements ClientMessage {}

    record RunCancel(String id, RunId run) implements ClientMessage {}

    record RunAnswer(String id, AnswerRequest request) implements ClientMessage {}

    record RunRead(String id, RunId run) implements ClientMessage {}

    record RunsList(String id, PageRequest page) implements ClientMessage {}

    record Subscribe(String id, SubscribeFrom from) implements ClientMessage {}

    record ReadSnapshot(String id) implements ClientMessage {}

    record ThreadsList(String id, PageRequest page) implements ClientMessage {}

    record ThreadRead(String id, ThreadId thread, PageRequest page) implements ClientMessage {}

    record ThreadRename(String id, ThreadId thread, String title) implements ClientMessage {}

    record ThreadDelete(String id, ThreadId thread) implements ClientMessage {}

    record ThreadFork(String id, ThreadId thread, String message, Optional<ThreadId> newThread)
            implements
                ClientMessage {}

    record TokenRefresh(String id, String token) implements ClientMessage {
        /** Without the token, which must come into no log. */
        @Override
        public String toString() {
            return "TokenRefresh[id=" + id + "]";
        }
    }

    record Ping(String id) implements ClientMessage {}
}
