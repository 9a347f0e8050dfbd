package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent asks, the user answers, once. */
@ExtendWith(SharedApp.class)
class QuestionIT {
    private final PackagedApp app;

    QuestionIT(PackagedApp app) {
        this.app = app;
    }

    @Test
    void anApprovalIsAnsweredWithTrueOrFalse() {
        try (var user = app.user("ask-approval")) {
            for (boolean answer : new boolean[]{true, false}) {
                var started = user.start("asker", "kind=approval");
                var question = user.awaitQuestion(started.run());

                user.succeed(user.answer(started.run(), question).put("answer", answer));

                assertSuccess(user.awaitEnd(started.run()));
                assertEquals("approval: " + answer, user.said(started.run()));
            }
        }
    }

    @Test
    void aChoiceIsAnsweredWithOneOfItsOptions() {
        try (var user = app.user("ask-choice")) {
            var started = user.start("asker", "kind=choice");
            var question = user.awaitQuestion(started.run());

            assertEquals("answer-invalid", user.refused(user.answer(started.run(), question).put("answer", "up")));
            assertEquals("answer-invalid", user.refused(user.answer(started.run(), question).put("answer", true)));
            user.succeed(user.answer(started.run(), question).put("answer", "right"));

            assertSuccess(user.awaitEnd(started.run()));
            assertEquals("choice: right", user.said(started.run()));
        }
    }

    @Test
    void aTextIsAnsweredInWords() {
        try (var user = app.user("ask-text")) {
            var started = user.start("asker", "kind=text");
            var question = user.awaitQuestion(started.run());

            user.succeed(user.answer(started.run(), question).put("answer", "ünïcode \uD83D\uDE00 \"quoted\""));

            assertSuccess(user.awaitEnd(started.run()));
            assertEquals("text: ünïcode \uD83D\uDE00 \"quoted\"", user.said(started.run()));
        }
    }

    @Test
    void filesAreAnsweredWithUploads() throws Exception {
        var token = app.token("ask-files");
        byte[] content = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        int sum = 0;
        for (byte b : content) {
            sum += b;
        }
        try (var user = InsulaClient.follow(app.webSocket(), token)) {
            var started = user.start("asker", "kind=files");
            var question = user.awaitQuestion(started.run());
            var first = Upload.of(app, token, "första fil.csv", content);
            var second = Upload.of(app, token, "empty.txt", new byte[0]);

            assertEquals("answer-invalid", user.refused(user.answer(started.run(), question).put("answer", "no file")));
            assertEquals("attachment-unknown",
                    user.refused(Runs.with(user.answer(started.run(), question), "attachments", "no-such-file")));
            user.succeed(Runs.with(user.answer(started.run(), question), "attachments", first, second));

            assertSuccess(user.awaitEnd(started.run()));
            assertEquals("files: första fil.csv/" + content.length + "/" + sum + " empty.txt/0/0",
                    user.said(started.run()));
        }
    }

    @Test
    void aWaitingRunSaysWhatItWaitsForAndHoldsNoPlace() {
        try (var user = app.user("ask-places")) {
            var waiting = new ArrayList<InsulaClient.Started>();
            for (int i = 0; i < 4; i++) {
                waiting.add(user.start("asker", "kind=choice"));
            }
            waiting.forEach(started -> user.awaitQuestion(started.run()));

            Runs.assertNextInputWorks(user, "another");

            var view = user.read(waiting.getFirst().run());
            var question = Runs.only(view.path("questions"));
            assertEquals("waiting-for-answer", view.path("state").asString());
            assertEquals("choice", question.path("kind").asString());
            assertEquals("[\"left\",\"right\"]", question.path("options").toString());
            assertEquals(4, user.succeed(user.message("snapshot")).path("runs").size());
            for (var started : waiting) {
                user.cancel(started.run());
            }
        }
    }

    @Test
    void ofManyAnswersAtOnceOneCounts() {
        var token = app.token("ask-once");
        try (var first = InsulaClient.follow(app.webSocket(), token);
                var second = InsulaClient.follow(app.webSocket(), token)) {
            var started = first.start("asker", "kind=text");
            var question = first.awaitQuestion(started.run());
            second.awaitQuestion(started.run());
            var answers = new ArrayList<String>();
            for (int i = 0; i < 10; i++) {
                var client = i % 2 == 0 ? first : second;
                var answer = client.answer(started.run(), question).put("answer", "answer " + i);
                client.send(answer);
                answers.add(answer.path("id").asString());
            }

            int accepted = 0;
            for (int i = 0; i < 10; i++) {
                var reply = (i % 2 == 0 ? first : second).reply(answers.get(i));
                if (reply.path("type").asString().equals("accepted")) {
                    accepted++;
                    first.awaitEnd(started.run());
                    assertEquals("text: answer " + i, first.said(started.run()));
                } else {
                    assertEquals("question-unknown", reply.path("code").asString());
                }
            }

            assertEquals(1, accepted);
            assertEndedOnce(first, started.run(), "completed");
            second.awaitEnd(started.run());
        }
    }

    @Test
    void anAnswerSentAgainGetsTheFirstReceipt() {
        try (var user = app.user("ask-again")) {
            var started = user.start("asker", "kind=approval");
            var answer = user.answer(started.run(), user.awaitQuestion(started.run())).put("answer", true);

            var receipt = user.succeed(answer);
            var again = user.succeed(answer.deepCopy().put("id", "again"));
            var other = user.refused(answer.deepCopy().put("id", "other").put("answer", false));

            assertEquals(receipt.path("position"), again.path("position"));
            assertEquals(receipt.path("run"), again.path("run"));
            assertNotEquals(receipt.path("id"), again.path("id"));
            assertEquals("request-reused", other);
            assertSuccess(user.awaitEnd(started.run()));
        }
    }
}
