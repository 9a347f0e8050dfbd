package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What tus says of a file before it comes.
 *
 * @param name the file's name
 * @param mediaType such as {@code text/csv}
 */
record UploadMetadata(String name, String mediaType) {
    static final String HEADER = "Upload-Metadata";

    private static final String ANY_TYPE = "application/octet-stream";
    private static final int MAX_PAIRS = 16;

    /** Reads pairs of a key and its value in base64; of those that are not known nothing is wanted. */
    static UploadMetadata read(List<String> headers) throws RequestRefusedException {
        Map<String, String> pairs = new HashMap<>();
        String[] given = headers.size() == 1 ? headers.getFirst().split(",", MAX_PAIRS + 1) : new String[0];
        if (given.length > MAX_PAIRS) {
            throw malformed();
        }
        for (String pair : given) {
            String[] parts = pair.strip().split(" ", 2);
            boolean known = parts[0].equals("filename") || parts[0].equals("filetype");
            if (known && (parts.length < 2 || pairs.put(parts[0], decode(parts[1])) != null)) {
                throw malformed();
            }
        }
        String name = Optional.ofNullable(pairs.get("filename")).orElseThrow(UploadMetadata::malformed);
        String mediaType = pairs.getOrDefault("filetype", ANY_TYPE);
        if (!FileNames.isFileName(name) || !FileNames.isMediaType(mediaType)) {
            throw malformed();
        }
        return new UploadMetadata(name, mediaType);
    }

    private static String decode(String base64) throws RequestRefusedException {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw malformed();
        }
    }

    private static RequestRefusedException malformed() {
        return new RequestRefusedException(
                HttpStatus.BAD_REQUEST_400,
                ErrorCode.REQUEST_INVALID,
                HEADER + " must be given once, with \"filename\" (1 to " + FileNames.MAX_NAME_LENGTH
                        + " characters without a path) and perhaps \"filetype\", each followed by its value as UTF-8 in"
                        + " base64.");
    }
}
