package io.insula.engine.user;

import io.insula.agent.UserId;
import java.time.Duration;

/**
 * Where a journal is written to, in batches of many users' turns. Called by the writer's thread alone.
 *
 * <p>After a {@link JournalTroubleException} nothing but {@link #reopen} is called until that has returned.
 */
interface JournalStorage {
    /** Begins a batch. */
    void begin() throws JournalTroubleException;

    /**
     * Does what a user has waiting, and notes at each task what came of it. A task that fails leaves nothing behind, and
     * takes along only what {@link JournalTask#isBroken} says.
     */
    void perform(JournalLanes.Turn turn) throws JournalTroubleException;

    /** Makes the batch durable and visible. */
    void commit() throws JournalTroubleException;

    /**
     * Assumes nothing about what was written: opens again, looks whether it is whole, and finds out what became of the
     * batch that was last begun.
     *
     * @return whether all of that batch stands; else nothing of it does
     */
    boolean reopen() throws JournalTroubleException;

    /** Writes for no other reason than to find out whether that is possible. */
    void probe() throws JournalTroubleException;

    /**
     * Writes over what erased users left.
     *
     * @return false if somebody still reads there, so that it is to be tried again
     */
    boolean scrub() throws JournalTroubleException;

    /**
     * Does a small part of what keeps storage within its limits.
     *
     * @return whether there is more to do
     */
    boolean tidy() throws JournalTroubleException;

    /** Something of the user was written, and whoever waited for it knows. */
    void written(UserId user);

    /** Has {@code action} called after {@code wait}, in any thread. */
    void later(Duration wait, Runnable action);

    /** Lets go of everything. */
    void close();
}
