package io.insula.cost.advisor;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * One JSON object on one line, read strictly as RFC 8259 has it and taken apart into its leaves.
 *
 * <p>A nested value is named by its path ({@code usage.prompt_tokens}). Arrays are checked and passed over, nulls are
 * as if they were not there. A name that stands twice in an object makes the line malformed.
 */
final class JsonObjectLine {
    private static final int DEEPEST = 16;

    private final String text;
    private final int mostLeaves;
    private final BiConsumer<String, String> leaves;
    private final Set<String> paths = new HashSet<>();
    private int position;

    JsonObjectLine(String text, int mostLeaves, BiConsumer<String, String> leaves) {
        this.text = text;
        this.mostLeaves = mostLeaves;
        this.leaves = leaves;
    }

    /** Reads the whole line, handing over each leaf's path and text. */
    void read() throws MalformedRowException {
        skipSpace();
        expect('{');
        readObject("", 1, true);
        skipSpace();
        if (position < text.length()) {
            throw malformed("text after the object");
        }
    }

    /** Reads on from behind an opening brace. */
    private void readObject(String prefix, int depth, boolean wanted) throws MalformedRowException {
        skipSpace();
        if (peek() == '}') {
            position++;
            return;
        }
        Set<String> names = new HashSet<>();
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw malformed("a name in quotes is missing");
            }
            String name = readText();
            if (!names.add(name)) {
                throw new MalformedRowException("the name \"" + Words.shown(name) + "\" stands twice");
            }
            skipSpace();
            expect(':');
            readValue(prefix + name, depth, wanted);
            skipSpace();
            if (peek() != ',') {
                expect('}');
                return;
            }
            position++;
        }
    }

    private void readArray(int depth) throws MalformedRowException {
        skipSpace();
        if (peek() == ']') {
            position++;
            return;
        }
        while (true) {
            readValue("", depth, false);
            skipSpace();
            if (peek() != ',') {
                expect(']');
                return;
            }
            position++;
        }
    }

    private void readValue(String path, int depth, boolean wanted) throws MalformedRowException {
        skipSpace();
        switch (peek()) {
            case '{', '[' -> readNested(path, depth + 1, wanted);
            case '"' -> leaf(path, readText(), wanted);
            case 't' -> leaf(path, word("true"), wanted);
            case 'f' -> leaf(path, word("false"), wanted);
            case 'n' -> word("null");
            default -> leaf(path, readNumber(), wanted);
        }
    }

    private void readNested(String path, int depth, boolean wanted) throws MalformedRowException {
        if (depth > DEEPEST) {
            throw new MalformedRowException("nested deeper than " + DEEPEST + " levels");
        }
        if (text.charAt(position++) == '{') {
            readObject(path + ".", depth, wanted);
        } else {
            readArray(depth);
        }
    }

    private void leaf(String path, String value, boolean wanted) throws MalformedRowException {
        if (!wanted) {
            return;
        }
        if (!paths.add(path)) {
            throw new MalformedRowException("the name \"" + Words.shown(path) + "\" stands twice");
        }
        if (paths.size() > mostLeaves) {
            throw new MalformedRowException("more than " + mostLeaves + " values");
        }
        leaves.accept(path, value);
    }

    private String word(String word) throws MalformedRowException {
        if (!text.startsWith(word, position)) {
            throw malformed("not a value");
        }
        position += word.length();
        return word;
    }

    private String readNumber() throws MalformedRowException {
        int start = position;
        if (peek() == '-') {
            position++;
        }
        boolean leadingZero = peek() == '0';
        int digits = skipDigits();
        boolean valid = digits > 0 && !(leadingZero && digits > 1);
        if (valid && peek() == '.') {
            position++;
            valid = skipDigits() > 0;
        }
        if (valid && (peek() == 'e' || peek() == 'E')) {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            valid = skipDigits() > 0;
        }
        if (!valid) {
            throw malformed("not a value");
        }
        return text.substring(start, position);
    }

    private int skipDigits() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        return position - start;
    }

    private String readText() throws MalformedRowException {
        position++;
        int start = position;
        while (position < text.length() && text.charAt(position) != '"' && text.charAt(position) != '\\') {
            checkPlain();
            position++;
        }
        if (peek() == '"') {
            return text.substring(start, position++);
        }
        var read = new StringBuilder(text.substring(start, position));
        while (peek() != '"') {
            if (position >= text.length()) {
                throw malformed("a text is not closed");
            }
            checkPlain();
            char character = text.charAt(position++);
            read.append(character == '\\' ? readEscape() : character);
        }
        position++;
        return read.toString();
    }

    private void checkPlain() throws MalformedRowException {
        if (text.charAt(position) < ' ') {
            throw malformed("a control character inside a text");
        }
    }

    private char readEscape() throws MalformedRowException {
        char escape = peek();
        position++;
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> readUnicode();
            default -> throw malformed("an unknown escape");
        };
    }

    private char readUnicode() throws MalformedRowException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw malformed("an unknown escape");
            }
            code = code * 16 + digit;
            position++;
        }
        return (char) code;
    }

    /** The next character, or NUL at the end, which is no part of any JSON outside a text. */
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private void expect(char wanted) throws MalformedRowException {
        if (peek() != wanted) {
            throw malformed("'" + wanted + "' is missing");
        }
        position++;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            position++;
        }
    }

    private MalformedRowException malformed(String what) {
        return new MalformedRowException("not JSON: " + what + " at character " + (position + 1));
    }
}
