package io.insula.cost.advisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a log with their line numbers, read once from a stream.
 *
 * <p>Line ends CR, LF and CR LF all read as {@code '\n'}. UTF-8 unless a byte order mark says UTF-16; bytes that are
 * not UTF-8 read as the replacement character. Used by one thread. Does not close the stream.
 */
final class LogText {
    static final int END = -1;

    private static final int BUFFER_CHARACTERS = 65_536;
    private static final int MARK_BYTES = 4;

    private final Reader reader;
    private final char[] buffer = new char[BUFFER_CHARACTERS];
    private int position;
    private int filled;
    private String returned = "";
    private int returnedPosition;
    private long line = 1;
    private boolean afterReturn;

    LogText(InputStream stream) throws IOException, UnusableLogException {
        var pushback = new PushbackInputStream(stream, MARK_BYTES);
        this.reader = new InputStreamReader(pushback, charset(pushback));
    }

    private static Charset charset(PushbackInputStream stream) throws IOException, UnusableLogException {
        byte[] start = stream.readNBytes(MARK_BYTES);
        if (startsWith(start, 0x1F, 0x8B) || startsWith(start, 'P', 'K', 3, 4)) {
            throw new UnusableLogException(
                    "The file is compressed or a workbook. Unpack it, or save it as CSV in UTF-8.");
        }
        if (startsWith(start, 0xEF, 0xBB, 0xBF)) {
            stream.unread(start, 3, start.length - 3);
            return StandardCharsets.UTF_8;
        }
        boolean bigEndian = startsWith(start, 0xFE, 0xFF);
        if (bigEndian || startsWith(start, 0xFF, 0xFE)) {
            stream.unread(start, 2, start.length - 2);
            return bigEndian ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        }
        stream.unread(start);
        return StandardCharsets.UTF_8;
    }

    private static boolean startsWith(byte[] bytes, int... wanted) {
        if (bytes.length < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((bytes[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Number of the line that the next character stands on, from 1. */
    long line() {
        return line;
    }

    /** The next character, or {@link #END}. */
    int read() throws IOException {
        int character = returnedPosition < returned.length() ? returned.charAt(returnedPosition++) : readLineEndOnce();
        if (character == '\n') {
            line++;
        }
        return character;
    }

    private int readLineEndOnce() throws IOException {
        int character = readBuffered();
        if (character == '\n' && afterReturn) {
            character = readBuffered();
        }
        afterReturn = character == '\r';
        return afterReturn ? '\n' : character;
    }

    private int readBuffered() throws IOException {
        if (position == filled) {
            filled = Math.max(0, reader.read(buffer, 0, buffer.length));
            position = 0;
            if (filled == 0) {
                return END;
            }
        }
        return buffer[position++];
    }

    /** Gives characters back, to be read again; {@code firstLine} is the line they start on. */
    void unread(String characters, long firstLine) {
        returned = characters + returned.substring(returnedPosition);
        returnedPosition = 0;
        line = firstLine;
    }

    /** Reads on to the start of the next line. */
    void skipLine() throws IOException {
        int character = read();
        while (character != '\n' && character != END) {
            character = read();
        }
    }
}
