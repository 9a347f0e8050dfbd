package io.insula.agent;

/**
 * A file that the user uploaded. Its content is read with {@link AgentContext#open} or {@link ToolContext#open}, which
 * know only the files of their own user.
 *
 * @param id the file's id within its user; never {@code null}
 * @param name the file name as the user gave it, without a path; never {@code null}
 * @param mediaType such as {@code text/csv}, as the user's client said; never {@code null}
 * @param bytes the size in bytes
 */
public record Attachment(AttachmentId id, String name, String mediaType, long bytes) {}
