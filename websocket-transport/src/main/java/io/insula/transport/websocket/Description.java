package io.insula.transport.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;

/** What can be asked for over HTTP, in the words of OpenAPI, for whoever asks. */
final class Description {
    private static final String FILE = "openapi.json";

    private Description() {}

    /** Shows the description. */
    static Route route() {
        byte[] json = read();
        return Route.of(HttpMethod.GET, "/" + FILE, call -> call.answer(HttpStatus.OK_200, json));
    }

    private static byte[] read() {
        try (InputStream file = Description.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the program is not whole: " + FILE + " is missing");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program cannot be read", e);
        }
    }
}
