package io.insula.plugin.host;

import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;

/**
 * A tool class and what its annotation and its records say.
 *
 * @param description what agents and language models see
 * @param type the class
 * @param types the records it takes and gives
 */
record DeclaredTool(ToolDescription description, Class<? extends Tool<?, ?>> type, ToolTypes types) {}
