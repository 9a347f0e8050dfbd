package io.insula.agent.hosting;

/**
 * Maps records to JSON and back, and describes them by JSON schemas. What does not fit is refused, never guessed:
 * missing, unknown and doubled members, wrong types, numbers out of range, whatever {@code @Describe} bounds.
 *
 * <p>Safe for any number of threads. Reading a record's components runs code of the plugin.
 */
public interface RecordCodec {
    /**
     * Writes a record as one JSON object.
     *
     * @throws RecordMismatchException if a component is {@code null}, of an unsupported type, out of its bounds, or
     *     reading it threw
     */
    String encode(Record value) throws RecordMismatchException;

    /**
     * Reads a record from one JSON object.
     *
     * @throws RecordMismatchException if the text is not JSON, or does not fit the type; the message says where and
     *     why and may be shown to the caller of the tool
     */
    <T extends Record> T decode(String json, Class<T> type) throws RecordMismatchException;
}
