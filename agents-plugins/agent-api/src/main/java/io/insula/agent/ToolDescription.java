package io.insula.agent;

/**
 * A tool as a language model needs to see it.
 *
 * @param name the tool's name
 * @param summary what it does
 * @param effect what it does to the world
 * @param inputSchema the JSON schema of the arguments, as JSON text
 */
public record ToolDescription(String name, String summary, Effect effect, String inputSchema) {}
