package io.insula.plugin.host;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * JSON text, read and written piece by piece. Nothing read from one text is kept for the next: neither names nor
 * buffers, which would be shared by users.
 */
final class JsonFormat {
    /** Keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            // The codec checks length and depth itself, with messages of its own.
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(1_000)
                    .maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(2 * RecordChecks.MAX_DIGITS).build())
            .build();

    private JsonFormat() {}

    static JsonParser reader(String text) {
        return JSON.createParser(ObjectReadContext.empty(), text);
    }

    static JsonGenerator writer(BoundedText text) {
        return JSON.createGenerator(ObjectWriteContext.empty(), text);
    }
}
