package io.insula.transport.websocket;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** How JSON from outside is read: doubled names and everything out of proportion are errors. */
final class StrictJson {
    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_NUMBER_LENGTH = 32;

    private StrictJson() {}

    static JsonFactory factory(int maxCharacters, int maxDepth) {
        // It keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more.
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(maxCharacters)
                        .build())
                .build();
    }

    /**
     * For objects of which most is passed over and may be anything. Nothing of it is kept, not even a name: doubled ones
     * are for the reader to find.
     */
    static JsonFactory streaming() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    /** Whether the parser is at a whole number that fits into a {@code long}. */
    static boolean isWhole(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && switch (parser.getNumberType()) {
                    case INT, LONG -> true;
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> false;
                };
    }
}
