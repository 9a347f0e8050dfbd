package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ThreadsCommandTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private CommandRun command;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer((peer, connection, message) -> {
            var id = "'id':'" + text(message, "id") + "'";
            switch (text(message, "type")) {
                case "threads.list" -> peer.send(text(message, "after").isEmpty()
                        ? "{'type':'result'," + id
                                + ",'threads':[{'thread':'t1','title':'First\\u001b[2J','agent':'hello',"
                                + "'updatedAt':'2026-11-01T12:00:00Z'}],'next':'n'}"
                        : "{'type':'result'," + id + ",'threads':[{'thread':'t2','title':'Second','agent':'hello',"
                                + "'updatedAt':'2026-11-01T11:00:00Z'}]}");
                case "thread.read" -> peer.send("{'type':'result'," + id
                        + ",'messages':[{'id':'m1','role':'user','agent':'hello','text':'Ada','at':'2026-11-01T12:00:00Z'},"
                        + "{'id':'m2','role':'assistant','agent':'hello','text':'Hello, Ada!','at':'2026-11-01T12:00:01Z'}]}");
                case "thread.fork" -> peer.send(text(message, "thread").equals("t1")
                        ? "{'type':'result'," + id + ",'thread':{'thread':'t3','title':'First'}}"
                        : "{'type':'refused'," + id
                                + ",'code':'thread-unknown','number':1007,'message':'There is no such thread.'}");
                default -> { /* nothing else is asked */ }
            }
        });
        command = new CommandRun(folder).with("INSULA_URL", server.url()).with("INSULA_TOKEN", "token");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static String text(JsonNode message, String member) {
        return message.path(member).stringValue("");
    }

    @Test
    void listsEveryPageWithoutWhatATerminalWouldObey() {
        assertEquals(ExitCode.DONE, command.run("threads", "list"));
        assertEquals(2, command.output().lines().count(), command.output());
        assertTrue(command.output().startsWith("t1  2026-11-01T12:00:00Z  hello  First"), command.output());
        assertFalse(command.output().contains("\u001b"), command.output());
        assertEquals("n", text(server.messages("threads.list").getLast(), "after"));
    }

    @Test
    void showsTheMessagesWithTheIdsToForkAt() {
        assertEquals(ExitCode.DONE, command.run("threads", "read", "t1"));
        assertEquals("""
                [m1] you, 2026-11-01T12:00:00Z
                Ada

                [m2] hello, 2026-11-01T12:00:01Z
                Hello, Ada!

                """, command.output());
    }

    @Test
    void forkPrintsTheNewIdAlone() {
        assertEquals(ExitCode.DONE, command.run("threads", "fork", "t1", "m1", "--as", "t3"));
        assertEquals("t3\n", command.output());
        var sent = server.messages("thread.fork").getFirst();
        assertEquals("m1", text(sent, "message"));
        assertEquals("t3", text(sent, "newThread"));
    }

    @Test
    void aRefusalIsToldWithItsCode() {
        assertEquals(ExitCode.FAILED, command.run("threads", "fork", "t9", "m1"));
        assertEquals("", command.output());
        assertTrue(command.errors().contains("There is no such thread. [thread-unknown]"), command.errors());
    }

    @Test
    void withoutACommandOfItsOwnItSaysWhichThereAre() {
        assertEquals(ExitCode.USAGE, command.run("threads"));
        assertTrue(command.errors().contains("list, read or fork"), command.errors());
    }
}
