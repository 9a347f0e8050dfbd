package io.insula.transport.websocket;

import io.insula.engine.api.EventBatch;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;

/** Tells all events of a user as server-sent events, each with the position behind it. */
final class EventStreamTelling implements EventTelling {
    private final ServerMessages messages;
    private final JsonObjects json = new JsonObjects();
    /** Belongs to the thread that tells. */
    private boolean over;

    EventStreamTelling(ServerMessages messages) {
        this.messages = messages;
    }

    @Override
    public byte[] events(EventBatch batch) {
        int bytes = JsonObjects.USUAL_BYTES;
        for (UserEvent event : batch.events()) {
            bytes += event.json().length() + JsonObjects.USUAL_BYTES / 2;
        }
        var text = new ServerSentEvents(bytes);
        for (UserEvent event : batch.events()) {
            text.event(
                    PositionText.of(batch.epoch(), event.sequence()),
                    json.write(
                            event.json().length() + JsonObjects.USUAL_BYTES / 2,
                            out -> ViewMembers.event(out, event)));
        }
        return text.bytes();
    }

    /** The stream is nothing but the subscription, and ends with it. */
    @Override
    public byte[] ended(RefusedException why) {
        over = true;
        return new ServerSentEvents(JsonObjects.USUAL_BYTES).named("notice", messages.ended(why)).bytes();
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
