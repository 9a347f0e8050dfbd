/** The rules for plugins: {@link io.insula.agent.rules.PluginRules} checks, a {@link io.insula.agent.rules.Verdict} tells. */
package io.insula.agent.rules;
