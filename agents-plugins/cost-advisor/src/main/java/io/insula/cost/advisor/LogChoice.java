package io.insula.cost.advisor;

import io.insula.agent.AgentContext;
import io.insula.agent.Attachment;
import io.insula.agent.ConversationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of the user's files is the log and which the price table.
 *
 * @param log the first file that is no price table
 * @param prices the first file named {@code prices.csv}
 * @param passedOver other files, which are not read
 */
record LogChoice(Optional<Attachment> log, Optional<Attachment> prices, List<Attachment> passedOver) {
    private static final String PRICES = "prices.csv";
    private static final int MESSAGES_BACK = 50;

    LogChoice {
        passedOver = List.copyOf(passedOver);
    }

    static LogChoice of(List<Attachment> attachments) {
        Optional<Attachment> log = Optional.empty();
        Optional<Attachment> prices = Optional.empty();
        List<Attachment> passedOver = new ArrayList<>();
        for (Attachment attachment : attachments) {
            boolean table = attachment.name().toLowerCase(Locale.ROOT).equals(PRICES);
            if (table && prices.isEmpty()) {
                prices = Optional.of(attachment);
            } else if (!table && log.isEmpty()) {
                log = Optional.of(attachment);
            } else {
                passedOver.add(attachment);
            }
        }
        return new LogChoice(log, prices, passedOver);
    }

    /** The files of this input; what it does not bring is taken from the latest message of the thread that does. */
    static LogChoice of(AgentContext context) {
        LogChoice choice = of(context.input().attachments());
        for (ConversationMessage message : context.conversation(MESSAGES_BACK).reversed()) {
            if (message.role() == ConversationMessage.Role.USER) {
                choice = choice.filledFrom(of(message.attachments()));
            }
        }
        return choice;
    }

    private LogChoice filledFrom(LogChoice earlier) {
        return new LogChoice(log.or(earlier::log), prices.or(earlier::prices), passedOver);
    }

    /** This choice with the files of an answer before its own. */
    LogChoice answeredBy(List<Attachment> answer) {
        LogChoice answered = of(answer);
        return new LogChoice(answered.log, answered.prices.or(() -> prices), answered.passedOver);
    }
}
