package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ids of another user get the answer of ids that never existed, word for word. */
final class ForeignIdTest {
    /** Whole words: a random id may well hold the letters of a name. */
    private static final Pattern ADAS = Pattern.compile("\\b(ada|mine)\\b", Pattern.CASE_INSENSITIVE);

    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final TestUser eve = premises.user("eve");
    private RunId adasRun = new RunId("none");
    private String adasQuestion = "none";

    @BeforeEach
    void adaWaitsForAnAnswer() {
        premises.catalog.add("asks", context -> {
            context.ask(new Question.Approval("Ada?"));
            return AgentResult.done();
        }).add("says", context -> {
            context.say(context.input().text());
            return AgentResult.done();
        });
        adasRun = ada.start("thread-of-ada", "asks", "mine");
        ada.awaitState(adasRun, RunState.WAITING_FOR_ANSWER);
        adasQuestion = ada.awaitQuestion(adasRun).id();
        eve.run("thread-of-eve", "says", "hers");
    }

    private void cancelAdas() {
        assertEquals(RunState.CANCELLED, ada.cancel(adasRun).state());
    }

    /** An operation of Eve with one id. */
    @FunctionalInterface
    private interface Operation<T> {
        CompletionStage<?> on(UserExecutionEngine engine, T id) throws RefusedException;
    }

    private <T> void sameAnswer(ErrorCode code, T foreign, T unknown, Operation<T> operation) {
        RefusedException first = refusal(foreign, operation);
        RefusedException second = refusal(unknown, operation);
        assertEquals(code, first.code());
        assertEquals(code, second.code());
        assertEquals(second.getMessage(), first.getMessage());
        assertEquals(second.resumeFrom(), first.resumeFrom());
        assertEquals(second.retryAfter(), first.retryAfter());
    }

    private <T> RefusedException refusal(T id, Operation<T> operation) {
        try {
            return Await.refusal(operation.on(eve.engine(), id));
        } catch (RefusedException refused) {
            return refused;
        }
    }

    private static CompletionStage<?> nothing(Object read) {
        throw new AssertionError("was answered: " + read);
    }

    @Test
    void aForeignRunIsAnUnknownRun() {
        RunId unknown = new RunId("unknown");
        sameAnswer(ErrorCode.RUN_UNKNOWN, adasRun, unknown, UserExecutionEngine::cancel);
        sameAnswer(ErrorCode.RUN_UNKNOWN, adasRun, unknown, (engine, run) -> nothing(engine.run(run)));
        sameAnswer(
                ErrorCode.RUN_UNKNOWN,
                adasRun,
                unknown,
                (engine, run) -> eve.answer(run, adasQuestion, new Content.Approval(true)));
        assertEquals(RunState.WAITING_FOR_ANSWER, ada.view(adasRun).state());
        cancelAdas();
    }

    @Test
    void aForeignQuestionIsAnUnknownQuestion() {
        RunId own = eve.start("thread-of-eve", "asks", "");
        String evesQuestion = eve.awaitQuestion(own).id();
        sameAnswer(
                ErrorCode.QUESTION_UNKNOWN,
                adasQuestion,
                "unknown",
                (engine, question) -> eve.answer(own, question, new Content.Approval(true)));
        Await.value(eve.answer(own, evesQuestion, new Content.Approval(true)));
        cancelAdas();
    }

    @Test
    void aForeignThreadIsAnUnknownThread() {
        ThreadId foreign = new ThreadId("thread-of-ada");
        ThreadId unknown = new ThreadId("unknown");
        sameAnswer(
                ErrorCode.THREAD_UNKNOWN,
                foreign,
                unknown,
                (engine, thread) -> nothing(engine.messages(thread, PageRequest.first())));
        sameAnswer(ErrorCode.THREAD_UNKNOWN, foreign, unknown, (engine, thread) -> engine.rename(thread, "taken"));
        sameAnswer(ErrorCode.THREAD_UNKNOWN, foreign, unknown, UserExecutionEngine::delete);
        String adasMessage = ada.messages("thread-of-ada").getFirst().id();
        sameAnswer(
                ErrorCode.THREAD_UNKNOWN,
                foreign,
                unknown,
                (engine, thread) -> engine.fork(thread, adasMessage, Optional.empty()));
        sameAnswer(
                ErrorCode.MESSAGE_UNKNOWN,
                adasMessage,
                "unknown",
                (engine, message) -> engine.fork(new ThreadId("thread-of-eve"), message, Optional.empty()));
        Await.value(eve.engine().fork(
                new ThreadId("thread-of-eve"), eve.messages("thread-of-eve").getFirst().id(), Optional.of(foreign)));
        assertEquals(List.of("hers"), eve.texts("thread-of-ada"));
        assertEquals(List.of("mine"), ada.texts("thread-of-ada"));
        cancelAdas();
    }

    @Test
    void aThreadOfTheSameNameIsAnotherThread() {
        eve.run("thread-of-ada", "says", "hers too");
        assertEquals(List.of("hers too", "hers too"), eve.texts("thread-of-ada"));
        assertEquals(List.of("mine"), ada.texts("thread-of-ada"));
        cancelAdas();
    }

    @Test
    void aForeignAttachmentIsAnUnknownAttachment() throws Exception {
        Attachment adas = ada.engine().attach("a", "text/plain", new ByteArrayInputStream(new byte[1]));
        sameAnswer(
                ErrorCode.ATTACHMENT_UNKNOWN,
                adas.id(),
                new AttachmentId("unknown"),
                (engine, id) -> engine.submit(new RunRequest(
                        UUID.randomUUID(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("says"),
                        "",
                        List.of(id),
                        WhenBusy.ENQUEUE)));
        cancelAdas();
    }

    @Test
    void aForeignUploadIsAnUnknownUpload() throws Exception {
        Upload adas = ada.engine().beginUpload("a", "text/plain", 3);
        ada.engine().continueUpload(adas.id(), 0, new ByteArrayInputStream(new byte[2]));
        AttachmentId unknown = new AttachmentId("unknown");
        sameAnswer(ErrorCode.UPLOAD_UNKNOWN, adas.id(), unknown, (engine, id) -> nothing(engine.upload(id)));
        for (long offset : new long[]{0, 2, 3}) {
            sameAnswer(
                    ErrorCode.UPLOAD_UNKNOWN,
                    adas.id(),
                    unknown,
                    (engine, id) -> nothing(continued(engine, id, offset)));
        }
        sameAnswer(ErrorCode.UPLOAD_UNKNOWN, adas.id(), unknown, (engine, id) -> {
            engine.cancelUpload(id);
            return nothing(id);
        });
        assertEquals(2, ada.engine().upload(adas.id()).received());
        ada.engine().continueUpload(adas.id(), 2, new ByteArrayInputStream(new byte[1]));
        sameAnswer(ErrorCode.UPLOAD_UNKNOWN, adas.id(), unknown, (engine, id) -> nothing(engine.upload(id)));
        cancelAdas();
    }

    private static Upload continued(UserExecutionEngine engine, AttachmentId id, long offset)
            throws RefusedException {
        try {
            return engine.continueUpload(id, offset, new ByteArrayInputStream(new byte[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aForeignEpochIsAnUnknownEpoch() throws RefusedException {
        Position foreign = ada.engine().snapshot().position();
        sameAnswer(
                ErrorCode.EPOCH_UNKNOWN,
                foreign,
                new Position("unknown", foreign.sequence()),
                (engine, position) -> nothing(engine.subscribe(new SubscribeFrom.After(position), () -> {})));
        cancelAdas();
    }

    /** Whoever adds an operation that takes an id has to try it with a foreign one here. */
    @Test
    void everyOperationIsTriedHereOrTakesNoIds() {
        Set<String> tried =
                Set.of(
                        "submit", "cancel", "answer", "subscribe", "messages", "rename", "delete", "fork", "run",
                        "upload", "continueUpload", "cancelUpload");
        Set<String> withoutIds =
                Set.of(
                        "user", "agents", "limits", "snapshot", "threads", "runs", "attach", "beginUpload", "export",
                        "erase");
        Set<String> all = Arrays.stream(UserExecutionEngine.class.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = new TreeSet<>(tried);
        known.addAll(withoutIds);
        assertEquals(known, all);
        cancelAdas();
    }

    @Test
    void nothingOfOneUserIsInWhatAnotherReads() throws RefusedException {
        String all = eve.engine().snapshot()
                + " " + eve.engine().threads(PageRequest.first())
                + " " + eve.engine().runs(PageRequest.first())
                + " " + premises.log(eve.id());
        assertFalse(ADAS.matcher(all).find() || all.contains(adasRun.value()), all);
        assertTrue(all.contains("hers"));
        assertThrows(RefusedException.class, () -> eve.engine().run(adasRun));
        cancelAdas();
    }
}
