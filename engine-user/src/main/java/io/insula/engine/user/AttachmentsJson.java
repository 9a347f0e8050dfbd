package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/** How the journal writes which files came with something. */
final class AttachmentsJson {
    private AttachmentsJson() {}

    static ArrayNode encode(List<Attachment> attachments) {
        ArrayNode array = JsonFields.array();
        for (Attachment attachment : attachments) {
            array.addObject()
                    .put("id", attachment.id().value())
                    .put("name", attachment.name())
                    .put("mediaType", attachment.mediaType())
                    .put("bytes", attachment.bytes());
        }
        return array;
    }

    static List<Attachment> decode(String json) {
        return JsonFields.parseList(json, AttachmentsJson::decode);
    }

    static Attachment decode(JsonFields fields) {
        Attachment attachment = new Attachment(
                new AttachmentId(fields.string("id")),
                fields.string("name"),
                fields.string("mediaType"),
                fields.number("bytes"));
        fields.end();
        return attachment;
    }
}
