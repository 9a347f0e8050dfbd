/**
 * Agents, tools, and the values they exchange with the platform.
 *
 * <p>Start with {@link io.insula.agent.Agent}. No parameter and no result in this package is ever {@code null}.
 */
package io.insula.agent;
