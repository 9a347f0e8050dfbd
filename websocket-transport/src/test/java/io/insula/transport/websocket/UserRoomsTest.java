package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.insula.agent.UserId;
import io.insula.transport.websocket.UserRooms.Entry;
import io.insula.transport.websocket.UserRooms.Purpose;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UserRoomsTest {
    private static final UserId ADA = new UserId("https://issuer.example", "ada");
    private static final UserId BOB = new UserId("https://issuer.example", "bob");
    private static final int BURST = 3;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final UserRooms rooms = new UserRooms(limits(), nanos::get);

    /** One message a second, three at once. */
    private static TransportLimits limits() {
        TransportLimits.Messages messages = TransportLimits.Messages.defaults();
        return RunningTransport.with(new TransportLimits.Messages(
                messages.messageBytes(), messages.fragments(), 60, BURST, messages.refusedInARow(),
                messages.pingsPerMinute()));
    }

    private UserRooms.Place enter(UserId user, Purpose purpose) {
        return assertInstanceOf(Entry.Granted.class, rooms.enter(user, purpose)).place();
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        rooms.beat();
    }

    @Test
    void everyEntryCountsAsAMessage() {
        rooms.leave(enter(ADA, Purpose.CONNECTION));
        enter(ADA, Purpose.UPLOAD).messages().take(nanos.get());

        assertEquals(new Entry.TooOften(Duration.ofSeconds(1)), rooms.enter(ADA, Purpose.CONNECTION));
        assertEquals(new Entry.TooOften(Duration.ofSeconds(1)), rooms.enter(ADA, Purpose.UPLOAD));
        enter(BOB, Purpose.CONNECTION);
    }

    @Test
    void whoeverGoesAndComesBackMayNotSendMoreForIt() {
        for (int i = 0; i < BURST; i++) {
            rooms.leave(enter(ADA, Purpose.CONNECTION));
        }
        assertEquals(new Entry.TooOften(Duration.ofSeconds(1)), rooms.enter(ADA, Purpose.CONNECTION));
        advance(Duration.ofSeconds(1).minusNanos(1));
        assertEquals(new Entry.TooOften(Duration.ofNanos(1)), rooms.enter(ADA, Purpose.CONNECTION));
        advance(Duration.ofNanos(1));
        enter(ADA, Purpose.CONNECTION);
    }

    @Test
    void aRoomGoesWhenANewOneWouldBeTheSame() {
        rooms.leave(enter(ADA, Purpose.CONNECTION));
        UserRooms.Place stays = enter(BOB, Purpose.CONNECTION);
        advance(Duration.ofSeconds(1).minusNanos(1));
        assertEquals(2, rooms.size());
        advance(Duration.ofNanos(1));
        assertEquals(1, rooms.size());
        rooms.leave(stays);
        assertEquals(0, rooms.size());
    }

    @Test
    void aRefusedEntryTakesNoPlace() {
        for (int i = 0; i < BURST; i++) {
            rooms.leave(enter(ADA, Purpose.UPLOAD));
        }
        for (int i = 0; i < limits().http().uploads(); i++) {
            rooms.enter(ADA, Purpose.UPLOAD);
        }
        enter(BOB, Purpose.UPLOAD);
    }
}
