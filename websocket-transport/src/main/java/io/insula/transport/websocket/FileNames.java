package io.insula.transport.websocket;

/** What files of users may be called. */
final class FileNames {
    static final int MAX_NAME_LENGTH = 255;
    static final int MAX_MEDIA_TYPE_LENGTH = 127;

    private FileNames() {}

    /** A name without a path. */
    static boolean isFileName(String name) {
        return !name.isBlank()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    static boolean isMediaType(String mediaType) {
        return mediaType.length() <= MAX_MEDIA_TYPE_LENGTH
                && mediaType.indexOf('/') >= 1
                && mediaType.chars().noneMatch(Character::isISOControl);
    }
}
