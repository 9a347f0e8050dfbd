package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpStatus;

/** Brings calls to the engine of whoever makes them, if there is a place. Each counts as a message of the user. */
final class EngineCalls {
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;
    private final RequestBody bodies;

    EngineCalls(
            Authentication authentication,
            UserExecutionEngine.Directory directory,
            UserPlaces places,
            RequestBody bodies) {
        this.authentication = authentication;
        this.directory = directory;
        this.places = places;
        this.bodies = bodies;
    }

    /** Asks an engine; gives the body of the answer. */
    @FunctionalInterface
    interface Question {
        byte[] ask(UserExecutionEngine engine) throws RefusedException, RequestRefusedException;
    }

    /** Works with an engine that is held meanwhile. */
    @FunctionalInterface
    interface Work<T> {
        T with(UserExecutionEngine.Lease lease) throws RefusedException, RequestRefusedException, IOException;
    }

    /** Has an engine change something; the body of the answer comes when that is durable. */
    @FunctionalInterface
    interface Change {
        CompletionStage<byte[]> make(UserExecutionEngine engine) throws RequestRefusedException;
    }

    /** Makes out what is to be changed. */
    @FunctionalInterface
    interface Wish {
        Change read(MessageMembers body) throws UnreadableMessage, RequestRefusedException;
    }

    /**
     * The form of a body.
     *
     * @param mostBytes how large it may be
     * @param members what it may have
     */
    record Form(int mostBytes, List<String> members) {
        Form {
            members = List.copyOf(members);
        }
    }

    /** Answers with what the engine says. Blocks while it waits for storage. */
    void ask(Call call, Question question) throws RequestRefusedException, IOException {
        byte[] body = work(call, UserRooms.Purpose.READ, lease -> question.ask(lease.engine()));
        call.answer(HttpStatus.OK_200, body);
    }

    /** Works with the user's engine, in a place that is kept for as long as that takes. */
    <T> T work(Call call, UserRooms.Purpose purpose, Work<T> work) throws RequestRefusedException, IOException {
        UserId user = authentication.authenticate(call.request()).user();
        UserRooms.Place place = places.enter(user, purpose);
        try (UserExecutionEngine.Lease lease = directory.open(user)) {
            return work.with(lease);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }

    /** Answers when the engine has made a change that needs no body. */
    void change(Call call, int status, Change change) throws RequestRefusedException {
        UserId user = authentication.authenticate(call.request()).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            begin(call, status, user, change);
        } finally {
            places.leave(place);
        }
    }

    /** Answers when the engine has made the change that the body asks for. Blocks while it reads the request. */
    void change(Call call, int status, Form form, Wish wish) throws RequestRefusedException {
        UserId user = authentication.authenticate(call.request()).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            begin(call, status, user, wish.read(bodies.read(call.request(), form.mostBytes(), form.members())));
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        } finally {
            places.leave(place);
        }
    }

    private void begin(Call call, int status, UserId user, Change change) throws RequestRefusedException {
        UserExecutionEngine.Lease lease;
        try {
            lease = directory.open(user);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        }
        CompletionStage<byte[]> made;
        try {
            made = change.make(lease.engine());
        } catch (RequestRefusedException | RuntimeException | Error failure) {
            lease.close();
            throw failure;
        }
        call.answerWhenDone(status, made.whenComplete((body, failure) -> lease.close()));
    }
}
