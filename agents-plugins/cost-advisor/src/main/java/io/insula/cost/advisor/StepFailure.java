package io.insula.cost.advisor;

/**
 * A part of the work that failed.
 *
 * @param part name of the agent
 * @param code the stable code
 * @param message what the user should know
 */
record StepFailure(String part, String code, String message) {}
