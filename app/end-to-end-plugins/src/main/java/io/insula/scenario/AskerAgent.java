package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.Question;
import java.io.IOException;
import java.util.List;
import org.pf4j.Extension;

/** Asks a question of {@code kind} and says the answer. */
@Extension
@AgentInfo(name = "asker", summary = "Asks the user and says the answer")
public final class AskerAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure, IOException {
        String kind = Parameters.of(context.input().text()).text("kind", "text");
        context.say(switch (kind) {
            case "approval" -> "approval: " + context.ask(new Question.Approval("May I?"));
            case "choice" -> "choice: " + context.ask(new Question.Choice("Which one?", List.of("left", "right")));
            case "text" -> "text: " + context.ask(new Question.Text("What is it called?"));
            case "files" -> "files:" + contents(context, context.ask(new Question.Files("Which files?")));
            default -> throw new AgentFailure("parameters", "kind is approval, choice, text or files, is " + kind);
        });
        return AgentResult.done();
    }

    private static String contents(AgentContext context, List<Attachment> files) throws IOException {
        var contents = new StringBuilder();
        for (var file : files) {
            try (var stream = context.open(file)) {
                byte[] bytes = stream.readAllBytes();
                int sum = 0;
                for (byte b : bytes) {
                    sum += b & 0xff;
                }
                contents.append(' ').append(file.name()).append('/').append(bytes.length).append('/').append(sum);
            }
        }
        return contents.toString();
    }
}
