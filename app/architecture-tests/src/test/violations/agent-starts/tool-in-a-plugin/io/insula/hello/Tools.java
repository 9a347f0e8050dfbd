package io.insula.hello;

import io.insula.agent.Tool;
import io.insula.agent.ToolContext;

final class Tools {
    static <I extends Record, O extends Record> O around(Tool<I, O> tool, I input, ToolContext context) throws Exception {
        return tool.call(input, context);
    }
}
