package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.Question;
import io.insula.agent.QuestionExpiredException;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.UserId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.user.AgUiEvents.Author;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Where agents ask their user, and the user answers: each question once. */
final class QuestionDesk {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;
    private final RunOutput output;
    private final RequestBook requests;

    QuestionDesk(
            UserId user, RoomLock lock, RoomParts parts, RunBoard board, RunOutput output, RequestBook requests) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
        this.output = output;
        this.requests = requests;
    }

    /** An answer, with the files it names. */
    record Reply(AnswerRequest.Content content, List<Attachment> attachments) {}

    /** Asks, and waits for the answer without holding a place. */
    <A> A ask(AgentCalls.Call call, Question<A> question) {
        CallScript script = call.script();
        String key = Digest.of(kind(question).name(), question.text(), String.join("\n", options(question)));
        Optional<RecordedQuestion> before =
                script.replay(ScriptKind.ASK, key).map(RecordedQuestion::read);
        if (before.isEmpty()) {
            Instant expiresAt = parts.now().plus(parts.limits().run().questionExpiry());
            return answer(question, await(call.run(), publish(call, question, expiresAt, (append, id) -> script.record(
                    append, ScriptKind.ASK, key, new RecordedQuestion(id, expiresAt).written()))));
        }
        String first = before.get().id();
        String now = script.whole().question(first);
        Optional<String> answer = script.whole().answer(now);
        if (answer.isPresent()) {
            return answer(question, RecordedQuestion.reply(answer.get()).orElseThrow(QuestionExpiredException::new));
        }
        Optional<LiveRun.PendingQuestion> open = lock.call(() -> Optional.ofNullable(call.run().asked.get(now)));
        LiveRun.PendingQuestion pending = open.orElseGet(() -> publish(call, question, before.get().expiresAt(),
                (append, id) -> script.record(append, ScriptKind.AGAIN, first, id)));
        return answer(question, await(call.run(), pending));
    }

    private LiveRun.PendingQuestion publish(
            AgentCalls.Call call, Question<?> question, Instant expiresAt, BiConsumer<JournalAppend, String> record) {
        LiveRun run = call.run();
        String id = lock.call(() -> run.nextItem("q"));
        OpenQuestion open =
                new OpenQuestion(id, kind(question), WellFormed.text(question.text()), options(question), expiresAt);
        output.publish(run, append -> {
            open(run, call.author(), open);
            append.event(run.thread, run.id, parts.events().question(call.author(), open));
            append.change(new RecordChange.RunSaved(run.record()));
            record.accept(append, id);
        });
        Optional<LiveRun.PendingQuestion> pending = lock.call(() -> Optional.ofNullable(run.asked.get(id)));
        return pending.orElseThrow(RunStoppedException::new);
    }

    /** Has a question wait for its answer, or for its end. Under the room's lock. */
    void open(LiveRun run, Author author, OpenQuestion question) {
        lock.requireHeld();
        Duration left = Duration.between(parts.now(), question.expiresAt());
        Alarms.Alarm expiry =
                parts.alarms().after(left.isNegative() ? Duration.ZERO : left, () -> expire(run.id, question.id()));
        LiveRun.PendingQuestion pending =
                new LiveRun.PendingQuestion(question, author, new CompletableFuture<>(), expiry);
        run.questions.put(question.id(), pending);
        run.asked.put(question.id(), pending);
    }

    private Reply await(LiveRun run, LiveRun.PendingQuestion pending) {
        board.threads().pause(run);
        try {
            return Waiting.forAnswer(run, pending.reply());
        } finally {
            if (!run.ended) {
                lock.run(() -> run.asked.remove(pending.question().id()));
                board.threads().resume(run);
            }
        }
    }

    private static OpenQuestion.Kind kind(Question<?> question) {
        return switch (question) {
            case Question.Approval approval -> OpenQuestion.Kind.APPROVAL;
            case Question.Choice choice -> OpenQuestion.Kind.CHOICE;
            case Question.Text text -> OpenQuestion.Kind.TEXT;
            case Question.Files files -> OpenQuestion.Kind.FILES;
        };
    }

    private static List<String> options(Question<?> question) {
        return question instanceof Question.Choice choice ? choice.options() : List.of();
    }

    @SuppressWarnings("unchecked") // each kind of question has one type of answer
    private static <A> A answer(Question<A> question, Reply reply) {
        return (A) switch (question) {
            case Question.Approval approval -> ((AnswerRequest.Content.Approval) reply.content()).approved();
            case Question.Choice choice -> ((AnswerRequest.Content.Words) reply.content()).text();
            case Question.Text text -> ((AnswerRequest.Content.Words) reply.content()).text();
            case Question.Files files -> reply.attachments();
        };
    }

    private void expire(RunId id, String question) {
        lock.run(() -> {
            Optional<LiveRun> found = board.find(id);
            LiveRun.PendingQuestion pending =
                    found.map(run -> run.questions.remove(question)).orElse(null);
            if (found.isEmpty() || pending == null) {
                return;
            }
            LiveRun run = found.get();
            JournalAppend append = new JournalAppend()
                    .event(run.thread, run.id, parts.events().questionClosed(pending.author(), question, "expired"))
                    .change(new RecordChange.RunSaved(run.record()));
            record(run, question, RecordedQuestion.expired(), append);
            board.appends().append(run, append).whenComplete((place, failure) -> {
                // If it is lost, the run ends from what is kept of it, and so does the question.
                if (failure == null) {
                    pending.reply().completeExceptionally(new QuestionExpiredException());
                    lock.run(() -> board.threads().wake(id));
                }
            });
        });
    }

    private static void record(LiveRun run, String question, String answer, JournalAppend append) {
        if (run.isResumable()) {
            ScriptEntry entry = RunScript.entry("", ScriptKind.ANSWER, question, answer);
            run.recordedBytes += RunScript.size(entry);
            append.change(new RecordChange.Scripted(run.id, entry));
        }
    }

    /** Takes an answer; the run goes on when it is durable. */
    CompletionStage<Receipt> answer(AnswerRequest request) {
        return lock.call(() -> {
            try {
                Optional<CompletionStage<Receipt>> known = requests.find(request.request(), request);
                return known.isPresent() ? known.get() : accept(request);
            } catch (RefusedException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        });
    }

    private CompletionStage<Receipt> accept(AnswerRequest request) throws RefusedException {
        Optional<LiveRun> found = board.find(request.run()).filter(run -> !run.ended);
        if (found.isEmpty() && parts.journal().run(user, request.run()).isEmpty()) {
            throw new RefusedException(ErrorCode.RUN_UNKNOWN, "There is no such run.");
        }
        LiveRun.PendingQuestion pending =
                found.map(run -> run.questions.get(request.question())).orElse(null);
        if (found.isEmpty() || pending == null) {
            throw new RefusedException(
                    ErrorCode.QUESTION_UNKNOWN, "The run asks no such question. It may have been answered already.");
        }
        LiveRun run = found.get();
        Reply reply = check(pending.question(), request.content());
        pending.expiry().cancel();
        run.questions.remove(request.question());
        RecordChange.RequestAccepted accepted =
                new RecordChange.RequestAccepted(request.request(), request, run.id, run.thread, 0);
        JournalAppend append = new JournalAppend()
                .event(
                        run.thread,
                        run.id,
                        parts.events().answer(pending.author(), request.question(), reply.content(),
                                reply.attachments()))
                .change(new RecordChange.RunSaved(run.record()))
                .change(accepted);
        record(run, request.question(), RecordedQuestion.answered(reply), append);
        return requests.accept(accepted, board.appends().append(run, append), written -> {
            // If it is lost, the run ends from what is kept of it, and so does the question.
            if (written) {
                lock.afterwards(() -> pending.reply().complete(reply));
                board.threads().wake(run.id);
            }
        });
    }

    private Reply check(OpenQuestion question, AnswerRequest.Content content) throws RefusedException {
        return switch (content) {
            case AnswerRequest.Content.Approval approval -> {
                requireKind(question, question.kind() == OpenQuestion.Kind.APPROVAL);
                yield new Reply(content, List.of());
            }
            case AnswerRequest.Content.Words(String text) -> {
                requireKind(question, takesWords(question, text));
                Intake.checkLength(text, parts.limits().user().inputBytes());
                yield new Reply(new AnswerRequest.Content.Words(WellFormed.text(text)), List.of());
            }
            case AnswerRequest.Content.Files(List<AttachmentId> ids) -> {
                requireKind(question, question.kind() == OpenQuestion.Kind.FILES && !ids.isEmpty());
                yield new Reply(content, Intake.attachments(parts.journal(), user, ids));
            }
        };
    }

    private static boolean takesWords(OpenQuestion question, String text) {
        return switch (question.kind()) {
            case TEXT -> true;
            case CHOICE -> question.options().contains(text);
            case APPROVAL, FILES -> false;
        };
    }

    private static void requireKind(OpenQuestion question, boolean fits) throws RefusedException {
        if (fits) {
            return;
        }
        String wanted = switch (question.kind()) {
            case APPROVAL -> "an approval: true or false";
            case CHOICE -> "one of its options";
            case TEXT -> "a text";
            case FILES -> "at least one attachment";
        };
        throw new RefusedException(ErrorCode.ANSWER_INVALID, "The question asks for " + wanted + ".");
    }
}
