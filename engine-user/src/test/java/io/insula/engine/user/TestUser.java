package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A user with an engine, and what tests do with it. */
final class TestUser {
    private final UserId id;
    private final UserExecutionEngine.Lease lease;

    TestUser(UserId id, UserExecutionEngine.Lease lease) {
        this.id = id;
        this.lease = lease;
    }

    UserId id() {
        return id;
    }

    UserExecutionEngine.Lease lease() {
        return lease;
    }

    UserExecutionEngine engine() {
        return lease.engine();
    }

    UserRoom room() {
        return (UserRoom) lease.engine();
    }

    static RunRequest request(String thread, String agent, String input, WhenBusy whenBusy) {
        return new RunRequest(
                UUID.randomUUID(),
                Optional.of(new ThreadId(thread)),
                Optional.empty(),
                Optional.of(agent),
                input,
                List.of(),
                whenBusy);
    }

    CompletionStage<Receipt> submit(String thread, String agent, String input, WhenBusy whenBusy) {
        return engine().submit(request(thread, agent, input, whenBusy));
    }

    /** Has an input accepted. */
    RunId start(String thread, String agent, String input) {
        return Await.value(submit(thread, agent, input, WhenBusy.ENQUEUE)).run();
    }

    RunView view(RunId run) {
        try {
            return engine().run(run);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    RunView awaitState(RunId run, RunState state) {
        Await.until("run is " + state + " but is " + view(run), () -> view(run).state() == state);
        return view(run);
    }

    RunView awaitEnd(RunId run) {
        Await.until("run has ended", () -> view(run).state().isTerminal());
        return view(run);
    }

    /** Waits for the end of the run and says that it is this one. */
    void expect(RunId run, RunState state) {
        RunView end = awaitEnd(run);
        assertEquals(state, end.state(), () -> "run ended with " + end);
    }

    /** Waits for the end of the run and says that it failed with this code. */
    void expectCode(RunId run, String code) {
        RunView end = awaitEnd(run);
        assertEquals(Optional.of(code), end.code(), () -> "run ended with " + end);
    }

    RunId run(String thread, String agent, String input) {
        RunId run = start(thread, agent, input);
        awaitEnd(run);
        return run;
    }

    RunView cancel(RunId run) {
        return Await.value(engine().cancel(run));
    }

    /** Waits until the run has asked. */
    OpenQuestion awaitQuestion(RunId run) {
        Await.until("the run asks", () -> !view(run).questions().isEmpty());
        return view(run).questions().getFirst();
    }

    CompletionStage<Receipt> answer(RunId run, String question, AnswerRequest.Content content) {
        return engine().answer(new AnswerRequest(UUID.randomUUID(), run, question, content));
    }

    List<ThreadMessage> messages(String thread) {
        try {
            return engine().messages(new ThreadId(thread), new PageRequest(Optional.empty(), PageRequest.MAX_SIZE))
                    .items();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    List<String> texts(String thread) {
        return messages(thread).stream().map(ThreadMessage::text).toList();
    }
}
