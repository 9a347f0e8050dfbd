package io.insula.engine.user;

/** An event at the moment it is decided, with as much of it understood as the model needs. */
final class DecidedEvent {
    final Kind kind;
    final String thread;
    final String run;
    final String json;
    /** Whether the append that carried it failed. */
    boolean lost;

    enum Kind {
        ACCEPTED, STARTED, COMPLETED, CANCELLED, FAILED, ASKED, CLOSED, SAID, HIDDEN, OTHER;

        boolean isTerminal() {
            return this == COMPLETED || this == CANCELLED || this == FAILED;
        }
    }

    DecidedEvent(JournalAppend.EventDraft draft) {
        this.thread = draft.thread().value();
        this.run = draft.run().value();
        this.json = draft.json();
        this.kind = kind();
    }

    private Kind kind() {
        return switch (text("type")) {
            case "RUN_STARTED" -> Kind.STARTED;
            case "RUN_FINISHED" -> json.contains("\"outcome\":{\"type\":\"cancelled\"") ? Kind.CANCELLED
                    : Kind.COMPLETED;
            case "RUN_ERROR" -> Kind.FAILED;
            case "TEXT_MESSAGE_END" -> Kind.SAID;
            case "CUSTOM" -> switch (text("name")) {
                case "insula.run.accepted" -> Kind.ACCEPTED;
                case "insula.question" -> Kind.ASKED;
                case "insula.answer" -> Kind.CLOSED;
                case "insula.messages.hidden" -> Kind.HIDDEN;
                default -> Kind.OTHER;
            };
            default -> Kind.OTHER;
        };
    }

    /** The first member of this name whose value is a text; "" if there is none. */
    String text(String member) {
        String before = "\"" + member + "\":\"";
        int at = json.indexOf(before);
        return at < 0 ? "" : json.substring(at + before.length(), json.indexOf('"', at + before.length()));
    }
}
