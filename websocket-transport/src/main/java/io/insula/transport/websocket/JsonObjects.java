package io.insula.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Writes JSON objects as UTF-8. Safe for any number of threads. */
final class JsonObjects {
    /** How many bytes most objects fit into. */
    static final int USUAL_BYTES = 512;

    /** Keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more. */
    private final JsonFactory json =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

    /** Writes an object of usual size with these members. */
    byte[] write(Consumer<JsonGenerator> members) {
        return write(USUAL_BYTES, members);
    }

    byte[] write(int expectedBytes, Consumer<JsonGenerator> members) {
        var bytes = new ByteArrayOutputStream(expectedBytes);
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            members.accept(out);
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
