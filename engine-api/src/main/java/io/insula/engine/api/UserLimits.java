package io.insula.engine.api;

/**
 * What one user may use at most.
 *
 * @param runsAtOnce runs at work at the same time
 * @param queuedRuns runs that wait for their turn
 * @param inputBytes size of an input text as UTF-8
 * @param attachmentBytes size of one attachment
 * @param attachmentsBytes size of all attachments together
 */
public record UserLimits(
        int runsAtOnce, int queuedRuns, int inputBytes, long attachmentBytes, long attachmentsBytes) {}
