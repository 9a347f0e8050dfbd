package io.insula.engine.api;

/**
 * An agent that can be asked.
 *
 * @param name what to call it by
 * @param summary one sentence
 */
public record AgentListing(String name, String summary) {}
