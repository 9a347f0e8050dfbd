package io.insula.engine.user;

import io.insula.engine.api.OpenQuestion;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How the journal writes the questions that a run waits for. */
final class QuestionsJson {
    private QuestionsJson() {}

    static String encode(List<OpenQuestion> questions) {
        ArrayNode array = JsonFields.array();
        for (OpenQuestion question : questions) {
            ObjectNode node = array.addObject()
                    .put("id", question.id())
                    .put("kind", question.kind().name())
                    .put("text", question.text())
                    .put("expiresAt", JournalTimestamp.of(question.expiresAt()));
            ArrayNode options = node.putArray("options");
            question.options().forEach(options::add);
        }
        return JsonFields.text(array);
    }

    static List<OpenQuestion> decode(String json) {
        return JsonFields.parseList(json, QuestionsJson::decode);
    }

    private static OpenQuestion decode(JsonFields fields) {
        OpenQuestion question = new OpenQuestion(
                fields.string("id"),
                OpenQuestion.Kind.valueOf(fields.string("kind")),
                fields.string("text"),
                fields.strings("options"),
                JournalTimestamp.of(fields.number("expiresAt")));
        fields.end();
        return question;
    }
}
