package io.insula.engine.user;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of one message or thought that was shown before its run was interrupted, known by lengths and digests. Used
 * by the thread that writes the message again.
 */
final class ShownText {
    private final Deque<Piece> pieces;
    private final boolean ended;
    private int taken;
    /** Of what was taken of the first piece; made when there is one. */
    private @Nullable Digest digest;

    /** Text that was shown in one go. */
    record Piece(int characters, String digest) {
        static Piece of(CharSequence text) {
            Digest digest = new Digest();
            digest.add(text.toString());
            return new Piece(text.length(), digest.take());
        }

        String written() {
            return characters + " " + digest;
        }

        static Piece read(String written) {
            int space = written.indexOf(' ');
            return new Piece(Integer.parseInt(written.substring(0, space)), written.substring(space + 1));
        }
    }

    /** The text differs from what was shown. */
    static final class OtherTextException extends Exception {
        private static final long serialVersionUID = 1L;

        OtherTextException() {
            super("the text differs from what was shown", null, false, false);
        }
    }

    /**
     * Takes what was shown.
     *
     * @param ended whether nothing followed
     */
    ShownText(List<Piece> pieces, boolean ended) {
        this.pieces = new ArrayDeque<>(pieces);
        this.ended = ended;
    }

    /**
     * Takes text that is written again.
     *
     * @return what is behind the text that was shown
     */
    String take(String text) throws OtherTextException {
        String rest = text;
        while (!pieces.isEmpty()) {
            Piece piece = pieces.getFirst();
            int count = Math.min(piece.characters() - taken, rest.length());
            Digest shown = digest == null ? new Digest() : digest;
            digest = shown;
            shown.add(rest.substring(0, count));
            taken += count;
            rest = rest.substring(count);
            if (taken < piece.characters()) {
                return rest;
            }
            if (!shown.take().equals(piece.digest())) {
                throw new OtherTextException();
            }
            pieces.removeFirst();
            taken = 0;
        }
        if (ended && !rest.isEmpty()) {
            throw new OtherTextException();
        }
        return rest;
    }

    /** Whether all that was shown has been written again. */
    boolean isTaken() {
        // A piece without text, of a message that was begun and no more, needs nothing to be written.
        return pieces.stream().allMatch(piece -> piece.characters() == 0);
    }
}
