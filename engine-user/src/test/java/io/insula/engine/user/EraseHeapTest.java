package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.ThreadId;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for an erased user in everything that the process holds in memory. */
final class EraseHeapTest {
    private static final int KEY = 0x5a;
    private static final int LETTERS = 24;

    @TempDir
    Path folder;

    /** Words that nobody else says, kept in a form in which they are not found themselves. */
    private static final class Hidden {
        private final byte[] letters;

        private Hidden(byte[] letters) {
            this.letters = letters;
        }

        static Hidden make() {
            byte[] letters = new byte[LETTERS];
            RandomGenerator random = new SecureRandom();
            for (int i = 0; i < letters.length; i++) {
                letters[i] = (byte) (('a' + random.nextInt(26)) ^ KEY);
            }
            return new Hidden(letters);
        }

        String words() {
            byte[] plain = new byte[letters.length];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) (letters[i] ^ KEY);
            }
            return new String(plain, StandardCharsets.US_ASCII);
        }

        /** Compares without ever holding the words, which may stand there in one byte each, or in two. */
        boolean isIn(Path dump) throws IOException {
            int narrow = 0;
            int wide = 0;
            boolean zero = false;
            try (InputStream in = new BufferedInputStream(Files.newInputStream(dump), 1 << 20)) {
                for (int next = in.read(); next >= 0; next = in.read()) {
                    narrow = matched(narrow, next);
                    if (zero) {
                        wide = matched(wide, next);
                    } else if (next != 0) {
                        wide = 0;
                    }
                    zero = next == 0 && !zero;
                    if (narrow == letters.length || wide == letters.length) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** How many letters match with this one. They are random: a match hardly begins inside another one. */
        private int matched(int before, int next) {
            if (next == (letters[before] ^ KEY)) {
                return before + 1;
            }
            return next == (letters[0] ^ KEY) ? 1 : 0;
        }
    }

    private Path dump(String name) throws Exception {
        Path file = folder.resolve(name);
        Process command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(ProcessHandle.current().pid()),
                "GC.heap_dump",
                file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(command.waitFor(60, TimeUnit.SECONDS) && Files.exists(file), said);
        return file;
    }

    @Test
    void nothingOfAnErasedUserIsLeftInTheHeap() throws Exception {
        FakeCatalog catalog = new FakeCatalog();
        catalog.add("keeps", context -> {
            context.store().put("note", context.input().text());
            context.think(context.input().text());
            context.say("kept " + context.input().text());
            return AgentResult.done();
        }).add("asks", context -> {
            context.ask(new Question.Approval(context.input().text()));
            return AgentResult.done();
        });
        EngineEnvironment environment = new EngineEnvironment(
                InstantSource.system(),
                System::nanoTime,
                new SecureRandom(),
                Thread.ofVirtual().factory(),
                Thread.ofPlatform().daemon(true).factory());
        RoomDirectory directory = EngineModule.directory(
                EngineLimits.defaults(), environment, Files.createDirectory(folder.resolve("data")), catalog);
        try {
            Hidden gone = Hidden.make();
            Hidden stays = Hidden.make();
            // In threads of their own: their stacks go with them.
            Thread.ofPlatform().start(() -> live(directory, stays)).join();
            Thread.ofPlatform().start(() -> live(directory, gone)).join();
            Path before = dump("before");
            assertTrue(gone.isIn(before) && stays.isIn(before), "the search finds what is there");
            Files.delete(before);

            Thread.ofPlatform().start(() -> erase(directory, gone)).join();

            Await.until("the room is gone", () -> directory.liveRooms() == 1);
            Path after = dump("after");
            assertTrue(stays.isIn(after), "the other one is still there");
            assertEquals(false, gone.isIn(after), "something of the erased user is in memory");
        } finally {
            directory.shutDown(Duration.ZERO);
        }
    }

    private static void live(RoomDirectory directory, Hidden who) {
        try {
            TestUser user = new TestUser(Premises.id(who.words()), directory.open(Premises.id(who.words())));
            EventSubscription following = user.engine().subscribe(new SubscribeFrom.Start(), () -> {});
            user.run("t", "keeps", who.words());
            user.awaitQuestion(user.start("t2", "asks", who.words()));
            user.engine().attach(who.words(), "text/plain",
                    new ByteArrayInputStream(who.words().getBytes(StandardCharsets.UTF_8)));
            Await.value(user.engine().fork(
                    new ThreadId("t"), user.messages("t").getFirst().id(), Optional.empty()));
            following.poll(100, 1 << 20);
            user.engine().export(OutputStream.nullOutputStream());
        } catch (RefusedException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void erase(RoomDirectory directory, Hidden who) {
        try (RoomLease lease = (RoomLease) directory.open(Premises.id(who.words()))) {
            lease.engine().erase().toCompletableFuture().join();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }
}
