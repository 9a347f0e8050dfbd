package io.insula.engine.user;

import io.insula.agent.AgentInput;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** How the journal writes what an unfinished run needs to go on. */
final class CarryJson {
    private CarryJson() {}

    static String encode(RunCarry carry) {
        ObjectNode node = JsonFields.object()
                .put("text", carry.input().text())
                .put("attempt", carry.attempt())
                .put("worked", carry.worked().toString());
        node.set("attachments", AttachmentsJson.encode(carry.input().attachments()));
        carry.plugin().ifPresent(plugin -> node.put("plugin", plugin.plugin()).put("version", plugin.version()));
        return JsonFields.text(node);
    }

    static RunCarry decode(String json) {
        JsonFields fields = JsonFields.parse(json);
        Optional<PluginVersion> plugin = fields.optional("plugin")
                .map(name -> new PluginVersion(name, fields.string("version")));
        RunCarry carry = new RunCarry(
                new AgentInput(fields.string("text"), fields.list("attachments", AttachmentsJson::decode)),
                Math.toIntExact(fields.number("attempt")),
                plugin,
                Duration.parse(fields.string("worked")));
        fields.end();
        return carry;
    }
}
