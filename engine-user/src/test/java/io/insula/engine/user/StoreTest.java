package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.agent.UserStore;
import io.insula.engine.api.RunState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What plugins keep for a user: texts in the store, and things in memory. */
final class StoreTest {
    private static final int STORE_BYTES = 1_000;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.stored(1_000, 1_000, STORE_BYTES));

    private final TestUser ada = premises.user("ada");
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    private final class Client implements AutoCloseable {
        Client() {
            made.incrementAndGet();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private void does(TestUser user, String plugin, Agent agent) {
        premises.catalog.add("does", plugin, agent);
        user.expect(user.run("t", "does", ""), RunState.COMPLETED);
    }

    private static Agent with(StoreWork work) {
        return context -> {
            work.on(context.store());
            return AgentResult.done();
        };
    }

    @FunctionalInterface
    private interface StoreWork {
        void on(UserStore store) throws Exception;
    }

    @Test
    void eachPluginAndEachUserHasItsOwnStore() {
        TestUser bob = premises.user("bob");
        does(ada, "one", with(store -> store.put("name", "ada one")));
        does(ada, "two", with(store -> assertEquals(Optional.empty(), store.get("name"))));
        does(ada, "two", with(store -> store.put("name", "ada two")));
        does(bob, "one", with(store -> assertEquals(List.of(), store.names())));
        does(ada, "one", with(store -> {
            assertEquals(Optional.of("ada one"), store.get("name"));
            store.remove("name");
            store.remove("never there");
            assertEquals(List.of(), store.names());
        }));
        does(ada, "two", with(store -> assertEquals(List.of("name"), store.names())));
    }

    @Test
    void theStoreTakesAsMuchAsItsLimitAndNotAByteMore() {
        does(ada, "one", with(store -> {
            store.put("n", "x".repeat(STORE_BYTES - 1));
            // In place of what was there, it needs no room of its own.
            store.put("n", "y".repeat(STORE_BYTES - 1));
            assertEquals("store-full", codeOf(() -> store.put("n", "z".repeat(STORE_BYTES))));
            assertEquals("store-full", codeOf(() -> store.put("m", "")));
            assertEquals(Optional.of("y".repeat(STORE_BYTES - 1)), store.get("n"));
        }));
        does(ada, "two", with(store -> assertEquals("store-full", codeOf(() -> store.put("m", "z")))));
    }

    @FunctionalInterface
    private interface Put {
        void put() throws AgentFailure;
    }

    private static String codeOf(Put put) {
        try {
            put.put();
            return "none";
        } catch (AgentFailure failure) {
            return failure.code();
        }
    }

    @Test
    void runsThatStoreAtTheSameTimeDoNotExceedTheLimitTogether() {
        CountDownLatch go = new CountDownLatch(3);
        ConcurrentLinkedQueue<String> codes = new ConcurrentLinkedQueue<>();
        premises.catalog.add("races", context -> {
            go.countDown();
            Await.open(go);
            for (int i = 0; i < 20; i++) {
                String name = context.input().text() + i;
                codes.add(codeOf(() -> context.store().put(name, "x".repeat(97))));
            }
            return AgentResult.done();
        });
        List<RunId> runs = List.of(
                ada.start("a", "races", "aa"), ada.start("b", "races", "bb"), ada.start("c", "races", "cc"));
        runs.forEach(run -> ada.expect(run, RunState.COMPLETED));

        // Names of three or four bytes: nine or ten entries fit.
        long fitted = codes.stream().filter("none"::equals).count();
        assertTrue(fitted == 9 || fitted == 10, () -> "fitted: " + fitted);
        assertTrue(premises.journal.textBytes(ada.id()) <= STORE_BYTES);
    }

    @Test
    void aResourceIsMadeOnceForTheRunsOfAUserAndClosedWithItsRoom() {
        CountDownLatch together = new CountDownLatch(3);
        Agent uses = context -> {
            together.countDown();
            Await.open(together);
            context.resource(Client.class, Client::new);
            return AgentResult.done();
        };
        premises.catalog.add("uses", uses);
        List<RunId> runs = List.of(
                ada.start("a", "uses", ""), ada.start("b", "uses", ""), ada.start("c", "uses", ""));
        runs.forEach(run -> ada.expect(run, RunState.COMPLETED));
        assertEquals(1, made.get());

        TestUser bob = premises.user("bob");
        bob.expect(bob.run("t", "uses", ""), RunState.COMPLETED);
        assertEquals(2, made.get());
        assertEquals(0, closed.get());

        Await.until("bob's runs are over", bob.room()::isQuiet);
        bob.lease().close();
        premises.alarms.advance(premises.limits.user().idleEviction().multipliedBy(2));
        Await.until("bob's is closed", () -> closed.get() == 1);
        assertEquals(1, premises.directory.liveRooms());
    }

    @Test
    void aResourceIsClosedWhenItsVersionIsUnloadedAndMadeAgainWhenItIsAskedFor() {
        does(ada, FakeCatalog.PLUGIN, StoreTest.this::useOnce);
        premises.catalog.unload(ClassLoader.getPlatformClassLoader());
        assertEquals(0, closed.get());

        premises.catalog.unload(StoreTest.class.getClassLoader());
        assertEquals(1, closed.get());
        does(ada, FakeCatalog.PLUGIN, StoreTest.this::useOnce);
        assertEquals(2, made.get());
    }

    @Test
    void aResourceThatCouldNotBeMadeIsTriedAgain() {
        premises.catalog.add("fails", context -> {
            context.resource(Client.class, () -> {
                throw new IllegalStateException("no");
            });
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "fails", ""), "agent-failed");
        does(ada, FakeCatalog.PLUGIN, context -> {
            context.resource(Client.class, Client::new);
            return AgentResult.done();
        });
        assertEquals(1, made.get());
    }

    @Test
    @SuppressWarnings("NullAway") // what agents must not do is what is tested
    void aResourceThatIsNullIsRefusedAndNotKept() {
        premises.catalog.add("null", context -> {
            context.resource(Client.class, () -> null);
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "null", ""), "agent-failed");
        does(ada, FakeCatalog.PLUGIN, StoreTest.this::useOnce);
        assertEquals(1, made.get());
    }

    private AgentResult useOnce(AgentContext context) {
        assertTrue(context.resource(Client.class, Client::new) != null);
        return AgentResult.done();
    }
}
