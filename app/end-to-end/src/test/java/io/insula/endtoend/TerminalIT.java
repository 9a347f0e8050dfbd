package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands of the terminal, against an application that serves; and what it shows a browser. */
@ExtendWith(SharedApp.class)
class TerminalIT {
    private final PackagedApp app;

    TerminalIT(PackagedApp app) {
        this.app = app;
    }

    @Test
    void askPrintsTheAnswer() throws Exception {
        var run = app.command("ask", "hello", "Ada");

        assertEquals(0, run.status(), run::output);
        assertTrue(run.output().contains("Ada"), run::output);
    }

    @Test
    void askFailsWithACodeWhenTheRunFails() throws Exception {
        var run = app.command("ask", "fail", "how=failure");

        assertNotEquals(0, run.status(), run::output);
        assertTrue(run.output().contains("This was to be expected."), run::output);
        assertFalse(run.output().contains("\tat "), run::output);
    }

    @Test
    void askNamesTheAgentsWhenThereIsNoneOfThatName() throws Exception {
        var run = app.command("ask", "helo", "Ada");

        assertNotEquals(0, run.status(), run::output);
        assertTrue(run.output().contains("hello"), run::output);
    }

    @Test
    void aTokenOfTheTerminalLetsItsUserIn() throws Exception {
        var run = app.command("token", "grace");

        assertEquals(0, run.status(), run::output);
        var token = run.output().lines().filter(line -> line.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+")).findFirst()
                .orElseThrow();
        try (var user = InsulaClient.connect(app.webSocket(), token)) {
            assertEquals("grace", user.welcome().path("user").path("subject").asString());
        }
        assertFalse(app.output().contains(token));
    }

    @Test
    void pluginsAreListed() throws Exception {
        var run = app.command("plugin", "list");

        assertEquals(0, run.status(), run::output);
        for (String plugin : new String[]{"hello", "cost-advisor", "scenario"}) {
            assertTrue(run.output().contains(plugin), run::output);
        }
    }

    @Test
    void thePrintedLinkShowsTheStartPage() throws Exception {
        var page = HttpClient.newHttpClient().send(HttpRequest.newBuilder(app.http("/")).build(),
                HttpResponse.BodyHandlers.ofString());

        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"));
        assertTrue(app.output().matches("(?s).*http://127\\.0\\.0\\.1:[0-9]+/#\\S*[\\w-]+\\.[\\w-]+\\.[\\w-]+.*"),
                app::output);
    }

    @Test
    void nobodyIsLetInWithoutAToken() throws Exception {
        var agents = HttpRequest.newBuilder(app.http("/agents"));
        var without = HttpClient.newHttpClient().send(agents.build(), HttpResponse.BodyHandlers.ofString());
        var with =
                HttpClient.newHttpClient().send(agents.header("Authorization", "Bearer " + app.token("http")).build(),
                        HttpResponse.BodyHandlers.ofString());

        assertEquals(401, without.statusCode());
        assertEquals("unauthenticated", InsulaClient.JSON.readTree(without.body()).path("code").asString());
        assertEquals(200, with.statusCode());
        assertTrue(with.body().contains("\"hello\""), with::body);
    }
}
