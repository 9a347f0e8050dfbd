package io.insula.engine.user;

/**
 * Appends that stand only one behind the other: what is behind one that was not written is not written either, or there
 * would be a hole. Whoever has been told of the loss goes on with a chain of its own, or not at all.
 */
final class AppendChain {
    /** Used by the journal's thread alone. */
    private boolean broken;

    boolean isBroken() {
        return broken;
    }

    /** Something in it was not written. */
    void tear() {
        broken = true;
    }
}
