package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From what belongs to two users nothing that may change can be reached from both, but the named infrastructure. */
final class ObjectGraphTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final CountDownLatch mayEnd = new CountDownLatch(1);

    /** Everything that one user has while all kinds of things are under way. */
    private record Belongings(
            TestUser user, EventSubscription subscription, List<RunId> runs, Queue<AgentContext> contexts) {}

    /** All that users may share. */
    private List<Object> infrastructure() {
        RoomParts parts = premises.parts;
        return List.of(
                this,
                premises,
                premises.directory,
                parts,
                parts.limits(),
                parts.environment(),
                parts.journal(),
                Followers.class,
                parts.catalog(),
                parts.platform(),
                parts.alarms(),
                parts.events(),
                parts.identity(),
                parts.attachments());
    }

    private Belongings everything(String name) throws RefusedException {
        TestUser user = premises.user(name);
        Queue<AgentContext> contexts = new ConcurrentLinkedQueue<>();
        CountDownLatch atWork = new CountDownLatch(1);
        premises.catalog.add("works-" + name, context -> {
            contexts.add(context);
            context.store().put("kept", "by " + name);
            context.step("step", () -> {
                context.message().write("open");
                atWork.countDown();
                mayEnd.await();
            });
            return AgentResult.done();
        });
        premises.catalog.add("asks-" + name, context -> {
            contexts.add(context);
            context.ask(new Question.Approval("Go on?"));
            return AgentResult.done();
        });
        EventSubscription subscription = user.engine().subscribe(new SubscribeFrom.Start(), () -> {});
        List<RunId> runs = new ArrayList<>();
        runs.add(user.start("a", "works-" + name, ""));
        Await.open(atWork);
        runs.add(user.start("b", "asks-" + name, ""));
        user.awaitState(runs.getLast(), RunState.WAITING_FOR_ANSWER);
        runs.add(user.start("a", "asks-" + name, "queued"));
        return new Belongings(user, subscription, runs, contexts);
    }

    private ObjectGraph graph(Belongings of) {
        return ObjectGraph.of(
                List.of(of.user.lease(), of.user.room(), of.subscription, List.copyOf(of.contexts)), infrastructure());
    }

    @Test
    void twoUsersShareNothingThatMayChange() throws RefusedException {
        Belongings ada = everything("ada");
        Belongings eve = everything("eve");
        ObjectGraph adas = graph(ada);
        ObjectGraph eves = graph(eve);

        assertTrue(adas.count(Object.class) > 100, () -> "it looks at " + adas.count(Object.class) + " things only");
        assertEquals(List.of(), adas.sharedWith(eves));
        assertEquals(3, adas.count(LiveRun.class));

        mayEnd.countDown();
        for (Belongings each : List.of(ada, eve)) {
            each.runs.reversed().forEach(each.user::cancel);
        }
    }

    @Test
    void whatTwoUsersShareIsFound() {
        List<Object> hidden = new ArrayList<>();
        Runnable first = () -> hidden.add("ada");
        Runnable second = () -> hidden.add("eve");

        List<String> shared = ObjectGraph.of(first, List.of()).sharedWith(ObjectGraph.of(second, List.of()));

        assertEquals(1, shared.size(), shared::toString);
        assertTrue(shared.getFirst().startsWith("java.util.ArrayList by "), shared::toString);
        assertEquals(List.of(), ObjectGraph.of(first, List.of(hidden)).sharedWith(ObjectGraph.of(second, List.of())));
    }
}
