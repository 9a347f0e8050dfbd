package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the description in OpenAPI against the program: neither says anything that the other does not. */
class DescriptionTest {
    private static final String UUID = "0e0b2f4e-7c5a-4b0d-9a53-0f8a1c2d3e4f";
    private static final List<DescribedApi.Sample> SAMPLES = List.of(
            new DescribedApi.Sample("GET", "/agents"),
            new DescribedApi.Sample("GET", "/snapshot"),
            new DescribedApi.Sample("GET", "/threads"),
            new DescribedApi.Sample("GET", "/threads?size=2&after=next-page", "/threads"),
            new DescribedApi.Sample("GET", "/threads/t1/messages", "/threads/{thread}/messages"),
            DescribedApi.Sample.with("PATCH", "/threads/t1", "/threads/{thread}", "{\"title\":\"new\"}"),
            new DescribedApi.Sample("DELETE", "/threads/t1", "/threads/{thread}"),
            DescribedApi.Sample.with(
                    "POST", "/threads/t1/fork", "/threads/{thread}/fork", "{\"message\":\"m1\",\"newThread\":\"t2\"}"),
            new DescribedApi.Sample("GET", "/runs"),
            DescribedApi.Sample.with("POST", "/runs", "/runs",
                    "{\"request\":\"" + UUID
                            + "\",\"thread\":\"t1\",\"run\":\"r1\",\"agent\":\"hello\",\"input\":\"Ada\","
                            + "\"attachments\":[\"a1\"],\"whenBusy\":\"reject\"}"),
            new DescribedApi.Sample("GET", "/runs/r1", "/runs/{run}"),
            new DescribedApi.Sample("POST", "/runs/r1/cancel", "/runs/{run}/cancel"),
            DescribedApi.Sample.with("POST", "/runs/r1/answers", "/runs/{run}/answers",
                    "{\"request\":\"" + UUID + "\",\"question\":\"q1\",\"answer\":true}"),
            DescribedApi.Sample.with("POST", "/runs/r1/answers", "/runs/{run}/answers",
                    "{\"request\":\"" + UUID + "\",\"question\":\"q1\",\"attachments\":[\"a1\"]}"),
            DescribedApi.Sample.with("POST", "/erase", "/erase", "{\"erase\":\"all my data\"}"),
            DescribedApi.Sample.with("POST", "/attachments", "/attachments", "content"),
            new DescribedApi.Sample("GET", "/openapi.json"),
            new DescribedApi.Sample("POST", "/logout"));
    private static final List<DescribedApi.Sample> OPERATORS_SAMPLES = List.of(
            new DescribedApi.Sample("GET", "/health/live"),
            new DescribedApi.Sample("GET", "/health/ready"),
            new DescribedApi.Sample("GET", "/plugins"),
            DescribedApi.Sample.with("POST", "/tokens/revoke", "/tokens/revoke", "{\"subject\":\"bob\"}"));

    private RunningTransport running;
    private AdminListener admin;
    private DescribedApi described;

    @BeforeEach
    void start() throws IOException {
        running = new RunningTransport();
        admin = new AdminListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), RunningTransport.limits(),
                running.authority, System::nanoTime, Thread.ofPlatform().factory());
        described = new DescribedApi();
        running.directory.user("ada").questions = List.of(new OpenQuestion(
                "q1", OpenQuestion.Kind.CHOICE, "Which?", List.of("this", "that"), Instant.EPOCH));
    }

    @AfterEach
    void stop() {
        admin.close();
        running.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> routes = new TreeSet<>();
        running.transport.routes().forEach(route -> routes.add(route.method() + " " + route.path()));
        admin.routes().stream()
                .filter(route -> route.method() != HttpMethod.HEAD)
                .forEach(route -> routes.add(route.method() + " " + route.path()));
        assertEquals(routes, described.operations());
    }

    @Test
    void whatAnAddressTakesIsDescribed() {
        running.transport.routes().forEach(route -> {
            assertEquals(
                    new TreeSet<>(route.query()),
                    described.parameters(route.method().asString(), route.path(), "query"),
                    route.path());
            Set<String> named = route.parts().stream()
                    .filter(part -> part.startsWith("{"))
                    .map(part -> part.substring(1, part.length() - 1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(named, described.parameters(route.method().asString(), route.path(), "path"), route.path());
        });
    }

    @Test
    void everyWordOfTheProgramIsListed() {
        assertEquals(
                Arrays.stream(ErrorCode.values()).map(ErrorCode::word).toList(), described.words("Problem", "code"));
        assertEquals(words(RunState.values()), described.words("Run", "state"));
        assertEquals(words(OpenQuestion.Kind.values()), described.words("Question", "kind"));
        assertEquals(words(WhenBusy.values()), described.words("RunStart", "whenBusy"));
        assertEquals(MessageReader.RUN_START, described.members("RunStart"));
        assertEquals(MessageReader.ANSWER, described.members("Answer"));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertEquals(List.of(), described.brokenReferences());
    }

    @Test
    void everyAnswerIsAsDescribed() throws Exception {
        Set<String> tried = new TreeSet<>();
        for (DescribedApi.Sample sample : SAMPLES) {
            HttpResponse<String> answer = send(running.address, sample, running.tokens.of("ada"));
            assertTrue(answer.statusCode() < 300, sample + " " + answer.body());
            described.check(sample, answer);
            tried.add(sample.operation());
        }
        InetSocketAddress operators = admin.start();
        var ready = new DescribedApi.Sample("GET", "/health/ready");
        described.check(ready, send(operators, ready, ""));
        admin.tellPlugins(() -> "{\"plugins\":[]}");
        admin.serve(running.directory);
        for (DescribedApi.Sample sample : OPERATORS_SAMPLES) {
            HttpResponse<String> answer = send(operators, sample, running.tokens.ofOperator("olga"));
            assertTrue(answer.statusCode() < 300, sample + " " + answer.body());
            described.check(sample, answer);
            tried.add(sample.operation());
        }
        assertEquals(described.operationsThatAnswerJson(), tried);
    }

    @Test
    void everyProblemIsAsDescribed() throws Exception {
        for (DescribedApi.Sample sample : SAMPLES) {
            HttpResponse<String> answer = send(running.address, sample, "no token");
            if (!sample.path().equals("/openapi.json")) {
                assertEquals(401, answer.statusCode(), sample.toString());
                described.check(sample, answer);
            }
        }
        String token = running.tokens.of("ada");
        for (DescribedApi.Sample unknown : List.of(
                new DescribedApi.Sample("GET", "/runs/r9", "/runs/{run}"),
                new DescribedApi.Sample("GET", "/threads/t9/messages", "/threads/{thread}/messages"))) {
            HttpResponse<String> answer = send(running.address, unknown, token);
            assertEquals(404, answer.statusCode(), unknown.toString());
            described.check(unknown, answer);
        }
        HttpResponse<String> starting = send(admin.start(), new DescribedApi.Sample("GET", "/metrics"), token);
        assertEquals(503, starting.statusCode());
        described.check(new DescribedApi.Sample("GET", "/metrics"), starting);
    }

    /** What the description refuses the program refuses, and the other way round. */
    @Test
    void everyBodyIsTakenOrRefusedAsDescribed() throws Exception {
        int tried = 0;
        for (DescribedApi.Sample sample : SAMPLES) {
            if (!sample.body().startsWith("{")) {
                continue;
            }
            assertTrue(described.takes(sample, sample.body()), sample.toString());
            JsonObject body = DescribedApi.object(sample.body());
            for (String member : Set.copyOf(body.keySet())) {
                JsonObject without = body.deepCopy();
                without.remove(member);
                assertSame(sample, without);
                JsonObject wrong = body.deepCopy();
                wrong.add(member, DescribedApi.object("{\"no\":1.5}"));
                assertFalse(described.takes(sample, wrong.toString()), wrong.toString());
                assertSame(sample, wrong);
                tried += 2;
            }
            JsonObject more = body.deepCopy();
            more.addProperty("x", 1);
            assertFalse(described.takes(sample, more.toString()), more.toString());
            assertSame(sample, more);
        }
        assertTrue(tried > 20, "so few: " + tried);
    }

    private void assertSame(DescribedApi.Sample sample, JsonElement body) throws Exception {
        HttpResponse<String> answer = send(
                running.address, DescribedApi.Sample.with(sample.method(), sample.path(), sample.route(),
                        body.toString()),
                running.tokens.of("ada"));
        assertEquals(described.takes(sample, body.toString()), answer.statusCode() < 300, sample + " " + body
                + " " + answer.body());
        described.check(sample, answer);
    }

    private static HttpResponse<String> send(InetSocketAddress address, DescribedApi.Sample sample, String token)
            throws Exception {
        return sample.send(address, token);
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values).map(MessageMembers::word).toList();
    }
}
