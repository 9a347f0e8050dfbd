package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import tools.jackson.core.JacksonException;

/** Runs agents for clients that speak AG-UI 1.0 over HTTP: the input comes as the request, its run goes as the answer. */
final class AgUiRequests {
    private static final String WHEN_CLOSED_HEADER = "X-Insula-When-Closed";
    private static final String CANCEL = "cancel";
    private static final String GO_ON = "go-on";
    private static final String BETWEEN_MESSAGES = "\n\n";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserPlaces places;
    private final Admissions admissions;
    private final LiveConnections live;
    private final RunInputReader reader = new RunInputReader();

    AgUiRequests(
            Surroundings surroundings,
            Authentication authentication,
            UserPlaces places,
            Admissions admissions,
            LiveConnections live) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.places = places;
        this.admissions = admissions;
        this.live = live;
    }

    /** Answers with the events of a run. Blocks while it reads the request. */
    void run(Call call) throws RequestRefusedException {
        Request request = call.request();
        TokenCheck.Accepted token = authentication.authenticate(request);
        boolean cancels = cancelsWhenClosed(request);
        UserRooms.Place place = places.enter(token.user(), UserRooms.Purpose.UPLOAD);
        RunInput input;
        try {
            input = read(request);
        } catch (RequestRefusedException | RuntimeException | Error failure) {
            places.leave(place);
            throw failure;
        }
        ClientConnection.Admission admission = admissions.admit(token, place);
        decide(admission.lease().engine(), input, call.name("agent")).handleAsync((part, failure) -> {
            if (failure != null) {
                admissions.giveBack(admission);
                throw failure instanceof CompletionException known ? known : new CompletionException(failure);
            }
            tell(part, admission, call, cancels);
            return part;
        }, surroundings.executor()).whenComplete((part, failure) -> {
            if (failure != null) {
                call.refuse(failure);
            }
        });
    }

    private static boolean cancelsWhenClosed(Request request) throws RequestRefusedException {
        List<String> given = request.getHeaders().getValuesList(WHEN_CLOSED_HEADER);
        if (given.isEmpty() || given.equals(List.of(GO_ON))) {
            return false;
        }
        if (given.equals(List.of(CANCEL))) {
            return true;
        }
        throw new RequestRefusedException(
                HttpStatus.BAD_REQUEST_400,
                ErrorCode.REQUEST_INVALID,
                WHEN_CLOSED_HEADER + " must be \"" + GO_ON + "\" or \"" + CANCEL + "\".");
    }

    private RunInput read(Request request) throws RequestRefusedException {
        int mostBytes = surroundings.limits().http().runInputBytes();
        if (request.getLength() > mostBytes) {
            throw tooLarge(mostBytes);
        }
        var body = new LimitedInput(
                PacedInput.of(request, surroundings.limits(), surroundings.nanoTime()),
                mostBytes);
        try {
            RunInput input = reader.read(body);
            if (!body.isExceeded()) {
                return input;
            }
        } catch (UnreadableMessage e) {
            if (!body.isExceeded()) {
                throw RequestBody.refused(e);
            }
        } catch (JacksonException e) {
            if (!body.isExceeded()) {
                throw unreadable(e);
            }
        }
        // Whatever was wrong with what could be read of it.
        throw tooLarge(mostBytes);
    }

    private static RequestRefusedException unreadable(JacksonException e) {
        boolean broken = e.getCause() instanceof IOException && !(e.getCause() instanceof CharacterCodingException);
        return broken
                ? new RequestRefusedException(
                        HttpStatus.REQUEST_TIMEOUT_408,
                        ErrorCode.REQUEST_INVALID,
                        "The body did not arrive, or too slowly.")
                : new RequestRefusedException(
                        HttpStatus.BAD_REQUEST_400,
                        ErrorCode.MESSAGE_INVALID,
                        "The body is no JSON object in UTF-8.");
    }

    private static RequestRefusedException tooLarge(int mostBytes) {
        return new RequestRefusedException(
                HttpStatus.PAYLOAD_TOO_LARGE_413,
                ErrorCode.MESSAGE_TOO_LARGE,
                "The body has at most " + mostBytes + " bytes. Old messages may be left out: the conversation is kept"
                        + " here.");
    }

    /** Has the engine do what is wanted; completes with what there is to tell of it then. May wait for storage. */
    private static CompletionStage<RunProjection.Part> decide(
            UserExecutionEngine engine, RunInput input, Optional<String> agent) {
        try {
            return input.resume().isPresent()
                    ? resume(engine, input, input.resume().get())
                    : start(engine, input, agent);
        } catch (RefusedException | RuntimeException | Error failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private static CompletionStage<RunProjection.Part> start(
            UserExecutionEngine engine, RunInput input, Optional<String> agent) throws RefusedException {
        if (input.texts().isEmpty()) {
            throw new RefusedException(
                    ErrorCode.FIELD_INVALID,
                    "There is no new input: the last of \"messages\" must be the user's, or \"resume\" be there.");
        }
        if (input.whenBusy().isEmpty()) {
            checkNobodyAsks(engine, input);
        }
        return engine.submit(new RunRequest(
                request(input.run()),
                Optional.of(input.thread()),
                Optional.of(input.run()),
                agent,
                String.join(BETWEEN_MESSAGES, input.texts()),
                input.attachments(),
                input.whenBusy().orElse(WhenBusy.ENQUEUE)))
                .thenApply(receipt -> new RunProjection.Part(
                        receipt.thread(), receipt.run(), receipt.position(), input.run(), Optional.empty()));
    }

    /** A client that does not know of a question would wait behind it, for as long as nobody answers. */
    private static void checkNobodyAsks(UserExecutionEngine engine, RunInput input) throws RefusedException {
        List<RunView> unfinished = engine.snapshot().runs();
        boolean asks = unfinished.stream()
                .anyMatch(run -> run.thread().equals(input.thread()) && run.state() == RunState.WAITING_FOR_ANSWER);
        if (asks && !isKnown(engine, input.run())) {
            throw new RefusedException(
                    ErrorCode.THREAD_BUSY,
                    "A run of this thread waits for an answer: resume it, or say in \"forwardedProps\" what to do:"
                            + " {\"insula\": {\"whenBusy\": \"interrupt\"}}.");
        }
    }

    private static boolean isKnown(UserExecutionEngine engine, RunId run) throws RefusedException {
        try {
            return engine.run(run).run().equals(run);
        } catch (RefusedException why) {
            if (why.code() == ErrorCode.RUN_UNKNOWN) {
                return false;
            }
            throw why;
        }
    }

    private static CompletionStage<RunProjection.Part> resume(
            UserExecutionEngine engine, RunInput input, RunInput.Resume resume) throws RefusedException {
        InterruptId interrupt = resume.interrupt();
        RunView run = engine.run(interrupt.run());
        if (!run.thread().equals(input.thread())) {
            throw new RefusedException(ErrorCode.QUESTION_UNKNOWN, "Nobody asks this in this thread.");
        }
        var part = new RunProjection.Part(
                run.thread(), run.run(), interrupt.accepted(), input.run(), Optional.of(interrupt.question()));
        if (resume.answer().isPresent()) {
            return engine.answer(new AnswerRequest(
                    request(input.run()), run.run(), interrupt.question(), resume.answer().get()))
                    .thenApply(receipt -> part);
        }
        boolean asks = run.questions().stream().map(OpenQuestion::id).anyMatch(interrupt.question()::equals);
        return asks
                ? engine.cancel(run.run()).thenApply(cancelled -> part)
                : CompletableFuture.completedStage(part);
    }

    /** The id of a run of AG-UI is the client's own id of what it asks for: sent again, it is the same request. */
    private static UUID request(RunId run) {
        return UUID.nameUUIDFromBytes(("ag-ui " + run).getBytes(StandardCharsets.UTF_8));
    }

    private void tell(
            RunProjection.Part part,
            ClientConnection.Admission admission,
            Call call,
            boolean cancels) {
        UserExecutionEngine engine = admission.lease().engine();
        var telling = new RunProjection(engine, part);
        var stream = new EventStream(
                surroundings,
                admission,
                live,
                new EventStream.Language(telling, why -> new byte[0], telling::farewell));
        try {
            stream.subscribe(new SubscribeFrom.After(part.accepted()));
        } catch (RefusedException | RuntimeException | Error failure) {
            stream.end();
            throw new CompletionException(failure);
        }
        if (cancels) {
            stream.whenGone(() -> engine.cancel(part.run()));
        }
        // The answer begins at once, however long the run waits for its turn.
        stream.open(call.response(), call.callback(), ServerSentEvents.keepalive());
    }
}
