package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Resumable runs drawn at random, in a process that crashes after every single append, and sometimes once more. A
 * failure names its seed and its crashes; put them into a test of their own and mend.
 */
final class CrashEverywhereTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final int SEEDS = 200;
    private static final Pattern MARK = Pattern.compile("<[^>]+>");

    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final RandomPlay play = new RandomPlay(restarts.catalog);

    @Test
    void whereverTheProcessCrashesTheRunEndsAsIfItHadNot() {
        long end = System.nanoTime() + TIME.toNanos();
        int lives = 0;
        for (int seed = 1; seed <= SEEDS && System.nanoTime() - end < 0; seed++) {
            lives += everywhere(seed);
        }
        assertTrue(lives >= 50, "too few lives were lived to say anything: " + lives);
    }

    /** Crashes the run of this seed after each append, and says how many lives that took. */
    private int everywhere(int seed) {
        Life whole = live(seed, "whole", Integer.MAX_VALUE, Integer.MAX_VALUE);
        for (int crash = 1; crash < whole.appends(); crash++) {
            int again = new Random(seed * 1_000L + crash).nextInt(whole.appends());
            for (int second : new int[]{Integer.MAX_VALUE, again}) {
                String name = "crash-" + crash + "-" + second;
                try {
                    compare(whole, live(seed, name, crash, second));
                } catch (AssertionError failure) {
                    throw new AssertionError(
                            "seed " + seed + " crashed after " + crash + " and then after " + second + ": "
                                    + failure.getMessage(),
                            failure);
                }
            }
        }
        return 2 * whole.appends();
    }

    /** What came of a run: what it showed, and how it ended. */
    private record Life(int appends, Set<String> said, Set<String> thought, String end) {}

    private Life live(int seed, String name, int firstCrash, int secondCrash) {
        String subject = "u" + seed + "-" + name;
        UserId user = Premises.id(subject);
        TestUser first = restarts.user(subject);
        int before = restarts.journal().appends();
        var request = TestUser.request("t", RandomPlay.AGENT, seed + "/", WhenBusy.ENQUEUE);
        restarts.journal().crashAfter(crashAt(before, firstCrash));
        RunId run = Await.value(first.engine().submit(request)).run();
        if (comesToAnEnd(user, run)) {
            int appends = restarts.journal().appends() - before;
            restarts.journal().crashAfter(Integer.MAX_VALUE);
            return life(subject, run, appends);
        }
        restarts.crash();
        restarts.restart(secondCrash);
        while (!comesToAnEnd(user, run)) {
            restarts.crashAndRestart();
        }
        restarts.journal().crashAfter(Integer.MAX_VALUE);
        return life(subject, run, 0);
    }

    private static int crashAt(int before, int crash) {
        return crash == Integer.MAX_VALUE ? crash : before + crash;
    }

    /** Answers whatever the run asks until it has ended or the process crashes; says whether it has ended. */
    private boolean comesToAnEnd(UserId user, RunId run) {
        Set<String> answered = new HashSet<>();
        Await.until("the run ends or the process does", () -> {
            if (restarts.journal().isCrashed() || state(user, run).isTerminal()) {
                return true;
            }
            for (OpenQuestion question : restarts.disk.run(user, run).orElseThrow().questions()) {
                if (answered.add(question.id())) {
                    AnswerRequest answer = new AnswerRequest(
                            UUID.randomUUID(), run, question.id(), new Content.Approval(true));
                    answer(user, answer);
                }
            }
            return false;
        });
        return state(user, run).isTerminal();
    }

    /** Answers, unless the question or the process is gone by now. */
    private void answer(UserId user, AnswerRequest answer) {
        try (var lease = restarts.directory().open(user)) {
            lease.engine().answer(answer);
        } catch (RefusedException gone) {
            assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, gone.code());
        }
    }

    private RunState state(UserId user, RunId run) {
        return restarts.disk.run(user, run).orElseThrow().state();
    }

    private Life life(String subject, RunId run, int appends) {
        List<UserEvent> log = restarts.log(subject);
        AguiOrder.checkComplete(log);
        assertEquals(RunState.COMPLETED, state(Premises.id(subject), run), log::toString);
        assertTrue(play.mostEffects() <= 1, "a tool that changes something was called twice");
        checkAnswers(log);
        String end = log.getLast().json().replaceAll("\"timestamp\":[0-9]+", "").replace(run.value(), "");
        return new Life(
                appends,
                marks(log, "TEXT_MESSAGE_CONTENT"),
                marks(log, "REASONING_MESSAGE_CONTENT"),
                end);
    }

    /** The marks in texts of this type, each of which is there once. */
    private static Set<String> marks(List<UserEvent> log, String type) {
        Map<String, StringBuilder> byAuthor = new HashMap<>();
        for (UserEvent event : log) {
            Json json = Json.parse(event.json());
            if (json.text("type").equals(type)) {
                byAuthor.computeIfAbsent(json.find("subagentRunId").orElse(""), author -> new StringBuilder())
                        .append(json.text("delta"));
            }
        }
        Set<String> marks = new HashSet<>();
        for (StringBuilder text : byAuthor.values()) {
            Matcher matcher = MARK.matcher(text);
            while (matcher.find()) {
                assertTrue(marks.add(matcher.group()), () -> "shown twice: " + matcher.group());
            }
        }
        return marks;
    }

    /** Nobody is asked again what was answered. */
    private static void checkAnswers(List<UserEvent> log) {
        Map<String, String> questions = new HashMap<>();
        Set<String> answered = new HashSet<>();
        for (UserEvent event : log) {
            Json json = Json.parse(event.json());
            if (json.find("name").filter("insula.question"::equals).isPresent()) {
                Json question = json.object("value");
                questions.put(question.text("question"), question.text("text"));
            }
            if (json.find("name").filter("insula.answer"::equals).isPresent() && json.object("value").has("answer")) {
                String text = questions.get(json.object("value").text("question"));
                assertTrue(answered.add(text), () -> "answered twice: " + text);
            }
        }
    }

    private static void compare(Life expected, Life is) {
        assertEquals(expected.said(), is.said());
        assertEquals(expected.thought(), is.thought());
        assertEquals(expected.end(), is.end());
    }
}
