package io.insula.engine.user;

/**
 * Something that a run did, kept so that it need not be done again. The journal reads none of it.
 *
 * @param author who in the run did it; empty for the run itself
 * @param kind what it is
 * @param content what came of it
 */
record ScriptEntry(String author, String kind, String content) {}
