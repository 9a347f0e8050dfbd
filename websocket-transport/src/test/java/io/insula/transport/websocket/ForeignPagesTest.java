package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.eclipse.jetty.http.HttpMethod;
import org.junit.jupiter.api.Test;

class ForeignPagesTest extends TransportTestCase {
    private static final String ALLOWED = "Origin: https://chat.example.com\r\n";

    @Test
    void aPageOfAnAllowedOriginMayReadAnswersAndProblems() throws IOException {
        String answer = request("GET", ALLOWED + "Authorization: Bearer " + running.tokens.of("ada") + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("Access-Control-Allow-Origin: https://chat.example.com\r\n"), answer);
        assertTrue(answer.contains("Vary: Origin\r\n"), answer);
        assertTrue(!answer.contains("Access-Control-Allow-Credentials"), answer);
        String problem = request("GET", ALLOWED);
        assertTrue(problem.startsWith("HTTP/1.1 401 "), problem);
        assertTrue(problem.contains("Access-Control-Allow-Origin: https://chat.example.com\r\n"), problem);
    }

    @Test
    void aBrowserIsToldBeforehandWhatSuchAPageMaySend() throws IOException {
        String answer = request("OPTIONS", ALLOWED + "Access-Control-Request-Method: DELETE\r\n"
                + "Access-Control-Request-Headers: authorization\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
        assertTrue(answer.contains("Access-Control-Allow-Methods: GET, HEAD, POST, PATCH, DELETE\r\n"), answer);
        assertTrue(answer.contains("Access-Control-Allow-Headers: Authorization, Content-Type,"), answer);
        assertTrue(answer.contains("Access-Control-Max-Age: 600\r\n"), answer);
        for (Route route : running.transport.routes()) {
            assertTrue(route.method() == HttpMethod.OPTIONS
                    || "GET, HEAD, POST, PATCH, DELETE".contains(route.method().asString()), route.toString());
        }
        assertEquals(0, running.directory.leases.get());
    }

    @Test
    void nobodyElseIsToldAnything() throws IOException {
        String evil = request("OPTIONS", "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n");
        assertTrue(evil.startsWith("HTTP/1.1 403 "), evil);
        assertTrue(!evil.contains("Access-Control"), evil);
        String noOrigin = request("OPTIONS", "Access-Control-Request-Method: GET\r\n");
        assertTrue(noOrigin.startsWith("HTTP/1.1 404 "), noOrigin);
        assertTrue(!noOrigin.contains("Access-Control"), noOrigin);
        String noQuestion = request("OPTIONS", ALLOWED);
        assertTrue(noQuestion.startsWith("HTTP/1.1 404 "), noQuestion);
    }

    private String request(String method, String headers) throws IOException {
        try (RawClient client = running.client()) {
            return client.send(method + " /agents HTTP/1.1\r\nHost: localhost:" + running.address.getPort() + "\r\n"
                    + headers + "\r\n").readResponse();
        }
    }
}
