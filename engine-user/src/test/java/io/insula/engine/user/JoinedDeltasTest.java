package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.MessageWriter;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How pieces of a message become events: each its own while the journal keeps up, joined while it does not. */
final class JoinedDeltasTest {
    private static final int DELTAS = 20;

    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final CountDownLatch mayWrite = new CountDownLatch(1);
    private final CountDownLatch written = new CountDownLatch(1);

    /** The texts of the run's events of this type, in order. */
    private List<String> deltas(RunId run, String type) {
        return premises.log(ada.id()).stream()
                .filter(event -> event.run().equals(run))
                .map(event -> Json.parse(event.json()))
                .filter(json -> json.text("type").equals(type))
                .map(json -> json.text("delta"))
                .toList();
    }

    private List<String> deltas(RunId run) {
        return deltas(run, "TEXT_MESSAGE_CONTENT");
    }

    /** Has the agent write while nothing can be written to the journal. */
    private RunId writeWhileHeld(String agent) {
        RunId run = ada.start("t", agent, "");
        ada.awaitState(run, RunState.RUNNING);
        premises.flush(ada);
        premises.holdsWrites.set(true);
        mayWrite.countDown();
        Await.open(written);
        premises.holdsWrites.set(false);
        ada.expect(run, RunState.COMPLETED);
        return run;
    }

    @Test
    void whileTheJournalKeepsUpEachPieceIsAnEvent() {
        premises.catalog.add("says", context -> {
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < DELTAS; i++) {
                    premises.flush(ada);
                    message.write("piece " + i + " ");
                }
            }
            return AgentResult.done();
        });
        RunId run = ada.run("t", "says", "");

        assertEquals(DELTAS, deltas(run).size());
        assertEquals("piece 7 ", deltas(run).get(7));
    }

    @Test
    void whileAnAppendIsUnderWayPiecesAreJoinedAndNothingIsLost() {
        premises.catalog.add("says", context -> {
            Await.open(mayWrite);
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < DELTAS; i++) {
                    message.write("piece " + i + " ");
                }
            }
            written.countDown();
            return AgentResult.done();
        });
        RunId run = writeWhileHeld("says");

        assertEquals(1, deltas(run).size());
        assertEquals(ada.texts("t").getLast(), deltas(run).getFirst());
        assertTrue(ada.texts("t").getLast().startsWith("piece 0 piece 1 "));
    }

    @Test
    void whatWaitsGoesOutByItselfWhenNothingIsUnderWayAnyMore() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        premises.catalog.add("says", context -> {
            Await.open(mayWrite);
            try (MessageWriter message = context.message()) {
                message.write("first ");
                message.write("second");
                written.countDown();
                Await.open(mayEnd);
            }
            return AgentResult.done();
        });
        RunId run = ada.start("t", "says", "");
        ada.awaitState(run, RunState.RUNNING);
        premises.flush(ada);
        premises.holdsWrites.set(true);
        mayWrite.countDown();
        Await.open(written);
        assertEquals(List.of(), deltas(run));
        premises.holdsWrites.set(false);

        Await.until("the text is there before the message ends", () -> deltas(run).equals(List.of("first second")));
        mayEnd.countDown();
        ada.expect(run, RunState.COMPLETED);
    }

    @Test
    void piecesOfTwoMessagesAreNotMixedAndKeepTheirOrder() {
        premises.catalog.add("says", context -> {
            Await.open(mayWrite);
            try (MessageWriter one = context.message();
                    MessageWriter thought = context.thought();
                    MessageWriter other = context.message()) {
                one.write("a");
                one.write("b");
                thought.write("x");
                thought.write("y");
                other.write("1");
                one.write("c");
            }
            written.countDown();
            return AgentResult.done();
        });
        RunId run = writeWhileHeld("says");

        assertEquals(List.of("ab", "1", "c"), deltas(run));
        assertEquals(List.of("xy"), deltas(run, "REASONING_MESSAGE_CONTENT"));
    }

    @Test
    void anEventHoldsAtMostSoManyCharactersHoweverLongTheJournalTakes() {
        int most = premises.limits.run().deltaCharacters();
        premises.catalog.add("says", context -> {
            Await.open(mayWrite);
            try (MessageWriter message = context.message()) {
                message.write("x".repeat(most - 1));
                message.write("y");
                message.write("z");
            }
            written.countDown();
            return AgentResult.done();
        });
        RunId run = writeWhileHeld("says");

        assertEquals(List.of(most, 1), deltas(run).stream().map(String::length).toList());
    }

    @Test
    void whatWaitsStandsBeforeAnyOtherEventOfTheRun() {
        premises.catalog.add("part", context -> AgentResult.done()).add("says", context -> {
            Await.open(mayWrite);
            MessageWriter message = context.message();
            context.step("work", () -> {
                message.write("before");
                context.progress("half", 1, 2);
                message.write("after");
            });
            context.delegate(Delegation.to("part"));
            written.countDown();
            return AgentResult.done();
        });
        RunId run = writeWhileHeld("says");

        List<String> order = premises.log(ada.id()).stream()
                .filter(event -> event.run().equals(run))
                .map(event -> Json.parse(event.json()))
                .map(json -> json.find("delta").orElse(json.text("type")))
                .toList();
        int before = order.indexOf("before");
        assertEquals(
                List.of("before", "CUSTOM", "after", "STEP_FINISHED", "SUBAGENT_STARTED"),
                order.subList(before, before + 5));
    }

    @Test
    void aRunThatIsStoppedShowsWhatItHasWrittenUpToThen() {
        premises.catalog.add("says", context -> {
            Await.open(mayWrite);
            context.message().write("so far");
            written.countDown();
            new CountDownLatch(1).await();
            return AgentResult.done();
        });
        RunId run = ada.start("t", "says", "");
        premises.flush(ada);
        premises.holdsWrites.set(true);
        mayWrite.countDown();
        Await.open(written);
        var stopped = ada.engine().cancel(run);
        premises.holdsWrites.set(false);

        assertEquals(RunState.CANCELLED, Await.value(stopped).state());
        assertEquals(List.of("so far"), deltas(run));
        assertEquals("so far", ada.texts("t").getLast());
    }

    @Test
    void textThatCannotBeWrittenEndsTheRun() {
        premises.expectLosses(ada);
        premises.catalog.add("says", context -> {
            MessageWriter message = context.message();
            premises.flush(ada);
            premises.failingWrites.set(1);
            message.write("lost");
            new CountDownLatch(1).await();
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "says", ""), ErrorCode.JOURNAL_UNAVAILABLE.word());
    }

    @Test
    void piecesCountOneByOneWhetherTheyAreJoinedOrNot() {
        int most = premises.limits.run().events();
        premises.catalog.add("says", context -> {
            try (MessageWriter message = context.message()) {
                // One event tells of the beginning of the message.
                for (String piece : Collections.nCopies(most - 1, "x")) {
                    message.write(piece);
                }
                if (!context.input().text().isEmpty()) {
                    message.write("x");
                }
            }
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "says", "one more"), ErrorCode.RUN_TOO_LARGE.word());
        assertEquals(most - 1, ada.texts("t").getLast().length());
    }
}
