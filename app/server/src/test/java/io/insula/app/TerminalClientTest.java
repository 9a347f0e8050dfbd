package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TerminalClientTest {
    private static final String ASKS =
            "{'type':'CUSTOM','name':'insula.question','value':{'question':'q','kind':'approval',"
                    + "'text':'Shall I?','options':[]}}";
    private static final String ANSWERED =
            "{'type':'CUSTOM','name':'insula.answer','value':{'question':'q','answer':true}}";
    private static final String DONE = "{'type':'RUN_FINISHED','timestamp':0,'outcome':{'type':'success'},'result':{}}";
    private static final String CANCELLED = "{'type':'RUN_FINISHED','timestamp':0,'outcome':{'type':'cancelled'}}";

    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void newCommand() {
        command = new CommandRun(folder).with("INSULA_TOKEN", "token");
    }

    @Test
    void theAnswerAloneIsOnTheOutput() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));

            assertEquals("Hello!\n", command.output());
            var start = server.messages("run.start").getFirst();
            assertEquals("hello", start.path("agent").stringValue(""));
            assertEquals("Hi", start.path("input").stringValue(""));
            assertEquals("{\"epoch\":\"e\",\"sequence\":7}",
                    server.messages("subscribe").getFirst().path("after").toString());
            assertEquals("Bearer token", server.authorizations().getFirst());
        }
    }

    @Test
    void aMisspeltAgentIsToldTheRightNameBeforeAnythingIsSent() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.FAILED, ask(server, "cost-adviser", "Hi"));

            assertEquals(
                    "insula: No agent \"cost-adviser\" is loaded. Did you mean \"cost-advisor\"? Loaded: cost-advisor, hello.\n",
                    command.errors());
            assertEquals(0, server.messages("run.start").size());
        }
    }

    @Test
    void aRefusalIsShownWithItsCode() throws IOException {
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.send("{'type':'refused','id':'" + message.path("id").stringValue("")
                        + "','code':'queue-full','number':3002,'message':'Too many runs wait.'}");
            }
        })) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi"));
            assertTrue(command.errors().endsWith("Too many runs wait. [queue-full]\n"), command.errors());
        }
    }

    @Test
    void aFailedRunFailsTheCommand() throws IOException {
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                peer.events(run(message), 8, "{'type':'RUN_ERROR','message':'It broke.','code':'agent-failed'}");
            }
        })) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi"));
            assertTrue(command.errors().endsWith("It broke. [agent-failed]\n"), command.errors());
        }
    }

    @Test
    void eventsOfOtherRunsAreNotShown() throws IOException {
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                peer.events("other", 8, "{'type':'TEXT_MESSAGE_START','messageId':'m'}",
                        "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'not mine'}", DONE);
                peer.events(run(message), 11, DONE);
            }
        })) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));
            assertEquals("", command.output());
        }
    }

    @Test
    void filesAreSentFirstAndNamedInTheRun() throws IOException {
        var file = Files.writeString(folder.resolve("usage \u00e9.csv"), "a,b\n");
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "--attach", file.toString(), "Hi"));

            assertEquals("usage%20%C3%A9.csv|text/csv|a,b\n", server.uploads().getFirst());
            assertEquals("[\"file-1\"]", server.messages("run.start").getFirst().path("attachments").toString());
        }
    }

    @Test
    void aFileThatIsNotThereEndsTheCommandBeforeItConnects() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi", "--attach", "none.csv"));
            assertEquals("insula: There is no file \"none.csv\".\n", command.errors());
            assertEquals(0, server.authorizations().size());
        }
    }

    @Test
    void afterALostConnectionItGoesOnAfterTheLastEventAndRepeatsTheSameRequest() throws IOException {
        var lost = new AtomicReference<JsonNode>(Json.object());
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message) && connection == 1) {
                lost.set(message);
                peer.events(run(message), 8, "{'type':'TEXT_MESSAGE_START','messageId':'m'}",
                        "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'Hel'}");
                Await.until(() -> command.output().equals("Hel"));
                peer.cut();
            } else if (isStart(message)) {
                peer.accept(message);
                peer.events(run(message), 10, "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'lo!'}",
                        "{'type':'TEXT_MESSAGE_END','messageId':'m'}", DONE);
            }
        })) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));

            assertEquals("Hello!\n", command.output());
            assertEquals(lost.get(), server.messages("run.start").getLast());
            assertEquals("{\"epoch\":\"e\",\"sequence\":9}",
                    server.messages("subscribe").getLast().path("after").toString());
        }
    }

    @Test
    void aServerThatLostTheRunIsNotWaitedForForever() throws IOException {
        try (var server = new FakeServer((peer, connection, message) -> {
            if (connection == 1 && isStart(message)) {
                peer.accept(message);
                peer.close(1001);
            } else if (connection == 2) {
                var id = message.path("id").stringValue("");
                switch (message.path("type").stringValue("")) {
                    case "subscribe" -> peer
                            .send("{'type':'refused','id':'" + id + "','code':'epoch-unknown','message':'x'}");
                    case "run.read" -> peer
                            .send("{'type':'refused','id':'" + id + "','code':'run-unknown','message':'x'}");
                    default -> throw new IOException("unexpected " + message);
                }
            }
        })) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi"));
            assertTrue(command.errors().contains("knows nothing of this run any more"), command.errors());
        }
    }

    @Test
    void anExpiredTokenIsSaidSo() throws IOException {
        command.with("INSULA_TOKEN", "expired");
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi"));
            assertTrue(command.errors().contains("does not accept the token"), command.errors());
        }
    }

    @Test
    void nobodyAtTheAddressIsOneClearLine() {
        assertEquals(ExitCode.FAILED, command.run("ask", "hello", "Hi", "--url", "http://127.0.0.1:1"));
        assertEquals(
                "insula: Nothing answers at http://127.0.0.1:1/. Start Insula with \"insula serve\", or name another address with "
                        + "--url.\n",
                command.errors());
    }

    @Test
    void withoutATokenOneIsMadeForTheLoginAndThatIsSaid() throws IOException {
        var keyed = new CommandRun(folder).with("INSULA_DATA_DIR", folder.resolve("data").toString());
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.DONE, keyed.run("ask", "hello", "Hi", "--url", server.url()));

            assertTrue(keyed.errors().startsWith("INSULA_TOKEN is not set; asking as ada with the key in "),
                    keyed.errors());
            assertTrue(server.authorizations().getFirst().startsWith("Bearer ey"));
        }
    }

    @Test
    void aLoginThatIsNoUserIsRefused() {
        var keyed =
                new CommandRun(folder).with("INSULA_DATA_DIR", folder.resolve("data").toString()).loggedInAs("default");

        assertEquals(ExitCode.FAILED, keyed.run("ask", "hello", "Hi", "--url", "http://127.0.0.1:1"));
        assertTrue(keyed.errors().contains("\"default\" cannot be a user's name"), keyed.errors());
    }

    @ParameterizedTest
    @CsvSource({"y, true", "n, false"})
    void aQuestionIsAnsweredFromTheInput(String typed, boolean answer) throws IOException {
        command.typing(typed + "\n");
        try (var server = new FakeServer(TerminalClientTest::askBack)) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));

            assertTrue(command.errors().contains("Shall I?\n[y/n] "), command.errors());
            var sent = server.messages("run.answer").getFirst();
            assertEquals(answer, sent.path("answer").booleanValue(!answer));
            assertEquals("q", sent.path("question").stringValue(""));
        }
    }

    @Test
    void anAnswerThatIsNoneIsAskedForAgain() throws IOException {
        command.typing("perhaps\ny\n");
        try (var server = new FakeServer(TerminalClientTest::askBack)) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));

            assertTrue(command.errors().contains("Type y for yes or n for no."), command.errors());
            assertEquals(1, server.messages("run.answer").size());
        }
    }

    @Test
    void aQuestionForFilesSendsThemAndNamesThem() throws IOException {
        var file = Files.writeString(folder.resolve("a.csv"), "a\n");
        command.typing(folder.resolve("none") + "\n" + file + "\n");
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                peer.events(run(message), 8, ASKS.replace("approval", "files"));
            } else if (message.path("type").stringValue("").equals("run.answer")) {
                peer.events(run(message), 9, ANSWERED, DONE);
            }
        })) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi"));

            assertTrue(command.errors().contains("There is no file"), command.errors());
            var sent = server.messages("run.answer").getFirst();
            assertEquals("[\"file-1\"]", sent.path("attachments").toString());
            assertTrue(sent.path("answer").isMissingNode());
        }
    }

    @Test
    void aQuestionThatNobodyCanAnswerStopsTheRun() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::askBack)) {
            assertEquals(ExitCode.FAILED, ask(server, "hello", "Hi"));

            assertTrue(command.errors().contains("Shall I?"), command.errors());
            assertTrue(command.errors().contains("\nNobody can answer this here"), command.errors());
            assertEquals(1, server.messages("run.cancel").size());
        }
    }

    @Test
    void interruptingCancelsTheRunAndWaitsForItsEnd() throws IOException {
        try (var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                command.interrupt();
            } else if (message.path("type").stringValue("").equals("run.cancel")) {
                peer.events(run(message), 8, CANCELLED);
            }
        })) {
            assertEquals(ExitCode.STOPPED, ask(server, "hello", "Hi"));
            assertTrue(command.errors().contains("Stopping ..."), command.errors());
        }
    }

    @Test
    void jsonPrintsTheEventsAndNothingElse() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::greet)) {
            assertEquals(ExitCode.DONE, ask(server, "hello", "Hi", "--json"));

            var lines = command.output().lines().map(Json::object).toList();
            assertEquals(4, lines.size());
            assertEquals(8, lines.getFirst().path("sequence").intValue(0));
            assertEquals("RUN_FINISHED", lines.getLast().path("event").path("type").stringValue(""));
        }
    }

    @Test
    void chatKeepsOneThreadUntilANewOneIsAskedFor() throws IOException {
        try (var server = new FakeServer(TerminalClientTest::greet); var keys = new Keys()) {
            var chat = Thread.ofVirtual().start(() -> command.run("chat", "hello", "--url", server.url()));
            keys.type("Hi\n");
            Await.until(() -> command.output().equals("Hello!\n"));
            keys.type("/agent none\nAgain\n");
            Await.until(() -> command.output().equals("Hello!\nHello!\n"));
            keys.type("/new\nOnce more\n");
            Await.until(() -> command.output().equals("Hello!\nHello!\nHello!\n"));
            keys.type("/quit\n");
            Await.until(() -> !chat.isAlive());

            var threads =
                    server.messages("run.start").stream().map(start -> start.path("thread").stringValue("")).toList();
            assertEquals(3, threads.size());
            assertEquals(threads.get(0), threads.get(1));
            assertEquals(2, threads.stream().distinct().count());
            assertTrue(command.errors().contains("No agent \"none\" is loaded."), command.errors());
        }
    }

    @Test
    void chatStopsTheAgentAtWorkWhenAskedTo() throws IOException {
        try (var keys = new Keys(); var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                keys.type("/stop\n");
            } else if (message.path("type").stringValue("").equals("run.cancel")) {
                peer.events(run(message), 8, CANCELLED);
                keys.type("/quit\n");
            }
        })) {
            keys.type("Hi\n");
            assertEquals(ExitCode.DONE, command.run("chat", "hello", "--url", server.url()));
            assertTrue(command.errors().contains("stopped"), command.errors());
        }
    }

    @Test
    void leavingAChatStopsTheAgentAtWork() throws IOException {
        try (var keys = new Keys(); var server = new FakeServer((peer, connection, message) -> {
            if (isStart(message)) {
                peer.accept(message);
                keys.type("/quit\n");
            } else if (message.path("type").stringValue("").equals("run.cancel")) {
                peer.events(run(message), 8, CANCELLED);
            }
        })) {
            keys.type("Hi\n");
            assertEquals(ExitCode.DONE, command.run("chat", "hello", "--url", server.url()));
            assertEquals(1, server.messages("run.cancel").size());
        }
    }

    private static void greet(FakeServer.Peer peer, int connection, JsonNode message) throws IOException {
        if (isStart(message)) {
            peer.accept(message);
            peer.events(run(message), 8, "{'type':'TEXT_MESSAGE_START','messageId':'m'}",
                    "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'Hello!'}",
                    "{'type':'TEXT_MESSAGE_END','messageId':'m'}",
                    DONE);
        }
    }

    private static void askBack(FakeServer.Peer peer, int connection, JsonNode message) throws IOException {
        if (isStart(message)) {
            peer.accept(message);
            peer.events(run(message), 8, ASKS);
        } else if (message.path("type").stringValue("").equals("run.answer")) {
            peer.events(run(message), 9, ANSWERED, DONE);
        } else if (message.path("type").stringValue("").equals("run.cancel")) {
            peer.events(run(message), 9, CANCELLED);
        }
    }

    private static boolean isStart(JsonNode message) {
        return message.path("type").stringValue("").equals("run.start");
    }

    private static String run(JsonNode message) {
        return message.path("run").stringValue("");
    }

    private ExitCode ask(FakeServer server, String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of("ask", "--url", server.url()));
        all.addAll(java.util.List.of(arguments));
        return command.run(all.toArray(String[]::new));
    }

    /** Somebody who types, line by line. */
    private final class Keys implements AutoCloseable {
        private final PipedOutputStream typed = new PipedOutputStream();

        private Keys() throws IOException {
            command.reading(new PipedInputStream(typed, 1 << 16)).atTerminal().with("NO_COLOR", "1");
        }

        private void type(String text) throws IOException {
            typed.write(text.getBytes(StandardCharsets.UTF_8));
            typed.flush();
        }

        @Override
        public void close() throws IOException {
            typed.close();
        }
    }
}
