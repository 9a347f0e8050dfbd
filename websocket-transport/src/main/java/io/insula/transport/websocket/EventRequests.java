package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Follows all events of a user as server-sent events. */
final class EventRequests {
    private static final String POSITION_HEADER = "Last-Event-ID";
    private static final String START = "start";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final Admissions admissions;
    private final LiveConnections live;

    EventRequests(
            Surroundings surroundings,
            Authentication authentication,
            Admissions admissions,
            LiveConnections live) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.admissions = admissions;
        this.live = live;
    }

    /** Answers with a stream that goes on until one of the two ends it. May wait for storage. */
    void follow(Call call) throws RequestRefusedException {
        TokenCheck.Accepted token = authentication.authenticate(call.request());
        SubscribeFrom from = from(call.request());
        EventStream stream = new EventStream(surroundings, admissions.admit(token), live, language());
        try {
            EventSubscription subscription = stream.subscribe(from);
            var first = new ServerSentEvents(JsonObjects.USUAL_BYTES).place(PositionText.of(subscription.from()));
            stream.open(call.response(), call.callback(), first.bytes());
        } catch (RefusedException why) {
            stream.end();
            throw RequestRefusedException.of(why);
        } catch (RuntimeException | Error failure) {
            stream.end();
            throw failure;
        }
    }

    private EventStream.Language language() {
        ServerMessages messages = surroundings.messages();
        return new EventStream.Language(
                new EventStreamTelling(messages),
                why -> named("notice", messages.engineEnded(why)),
                why -> why == CloseReason.OVER ? new byte[0] : named("closed", messages.closed(why)));
    }

    private static byte[] named(String name, byte[] json) {
        return new ServerSentEvents(JsonObjects.USUAL_BYTES).named(name, json).bytes();
    }

    private static SubscribeFrom from(Request request) throws RequestRefusedException {
        List<String> given = request.getHeaders().getValuesList(POSITION_HEADER);
        if (given.isEmpty()) {
            return new SubscribeFrom.Now();
        }
        if (given.equals(List.of(START))) {
            return new SubscribeFrom.Start();
        }
        Optional<Position> position = given.size() == 1 ? PositionText.read(given.getFirst()) : Optional.empty();
        return new SubscribeFrom.After(position.orElseThrow(() -> new RequestRefusedException(
                HttpStatus.BAD_REQUEST_400,
                ErrorCode.REQUEST_INVALID,
                POSITION_HEADER + " must be the id of an event as it came, or \"" + START
                        + "\"; without it you follow from now.")));
    }
}
