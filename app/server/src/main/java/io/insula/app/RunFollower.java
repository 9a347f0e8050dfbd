package io.insula.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts one run and stays with it to its end: shows it, puts its questions, stops it when asked. Used once. */
final class RunFollower {
    private static final Duration SLICE = Duration.ofMillis(500);
    private static final Duration PATIENCE_WITH_PIPE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITH_STOP = Duration.ofSeconds(10);

    /** What one conversation with the server uses. */
    record Parts(
            LiveConnection connection,
            Uploads uploads,
            Keyboard keyboard,
            Screen screen,
            boolean typedByPerson,
            Supplier<UUID> ids) {
        /** Sends a file and says so; gives its id. */
        String upload(Path file) throws FailedException, InterruptedException {
            var uploaded = uploads.send(file);
            screen.aside(0, "attached " + PrintableText.line(uploaded.name(), 100) + " ("
                    + PrintableText.size(uploaded.bytes()) + ")");
            return uploaded.id();
        }
    }

    private final Parts parts;
    private final EventDisplay display;
    private final boolean chat;
    private final String run;
    private final Deque<QuestionPrompt> questions = new ArrayDeque<>();
    private Duration questionOpenFor = Duration.ZERO;
    private Duration stoppingFor = Duration.ZERO;
    private boolean lineWanted;
    private boolean inputEnded;
    private boolean stopping;
    private boolean stopAsked;

    RunFollower(Parts parts, EventDisplay display, boolean chat) {
        this.parts = parts;
        this.display = display;
        this.chat = chat;
        this.run = parts.ids().get().toString();
    }

    /** Whether the person asked the process to stop meanwhile. */
    boolean stopAsked() {
        return stopAsked;
    }

    /** Whether the person has left meanwhile. */
    boolean inputEnded() {
        return inputEnded;
    }

    /** Whether a line was asked for that has not come yet. */
    boolean lineWanted() {
        return lineWanted;
    }

    /**
     * Starts the run and returns when it has ended.
     *
     * @param start a {@code run.start} without {@code id}, {@code request} and {@code run}
     * @param lineWanted whether a line was asked for already
     */
    Ending follow(ObjectNode start, boolean lineWanted) throws FailedException, InterruptedException {
        this.lineWanted = lineWanted;
        start.put("id", "start-" + run).put("request", parts.ids().get().toString()).put("run", run);
        parts.connection().send(start);
        if (chat) {
            wantLine();
        }
        while (true) {
            var happening = parts.connection().next(SLICE);
            var ending = switch (happening.orElse(null)) {
                case null -> waited();
                case Happening.Received received -> received(received.message());
                case Happening.Typed typed -> typed(typed.line());
                case Happening.InputEnded ended -> noMoreInput();
                case Happening.StopAsked asked -> {
                    stopAsked = true;
                    stop();
                    yield Optional.<Ending>empty();
                }
                case Happening.Lost lost -> Optional.<Ending>empty();
            };
            if (ending.isPresent()) {
                return ending.get();
            }
        }
    }

    private Optional<Ending> received(JsonNode message) {
        return switch (message.path("type").stringValue("")) {
            case "events" -> events(message.path("events"));
            case "refused" -> refused(message);
            case "result" -> message.path("id").stringValue("").equals("read-" + run)
                    ? Ending.ofState(message.path("run"))
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Ending> events(JsonNode events) {
        for (var positioned : events) {
            if (!positioned.path("run").stringValue("").equals(run)) {
                continue;
            }
            display.show(positioned);
            var event = positioned.path("event");
            var ending = Ending.of(event);
            if (ending.isPresent()) {
                return ending;
            }
            QuestionPrompt.of(event).ifPresent(question -> {
                questions.add(question);
                if (questions.size() == 1) {
                    put(question);
                }
            });
            QuestionPrompt.closedBy(event).ifPresent(this::closed);
        }
        return Optional.empty();
    }

    private Optional<Ending> refused(JsonNode message) {
        var id = message.path("id").stringValue("");
        var code = message.path("code").stringValue("");
        var text = message.path("message").stringValue("");
        if (id.equals("start-" + run) || id.equals("read-" + run)) {
            return Optional.of(Ending.failed(
                    code,
                    id.startsWith("read") ? "The server was restarted and knows nothing of this run any more." : text));
        }
        if (id.equals(LiveConnection.SUBSCRIBE)) {
            parts.screen().aside(0, "The server no longer has all events; some of what happened is not shown.");
            var from = message.path("resumeFrom");
            if (from.isObject()) {
                parts.connection().follow(from);
            } else {
                parts.connection().followFromNow();
            }
            parts.connection().send(Json.object().put("type", "run.read").put("id", "read-" + run).put("run", run));
            return Optional.empty();
        }
        parts.screen().problem(PrintableText.line(text + " [" + code + "]", 500));
        if (id.startsWith("answer") && !questions.isEmpty()) {
            put(questions.getFirst());
        }
        return Optional.empty();
    }

    private Optional<Ending> waited() {
        if (stopping) {
            stoppingFor = stoppingFor.plus(SLICE);
            if (stoppingFor.compareTo(PATIENCE_WITH_STOP) > 0) {
                return Optional.of(Ending.failed("", "The server did not confirm in time that the run was stopped."));
            }
        }
        if (!questions.isEmpty() && !parts.typedByPerson() && !stopping) {
            questionOpenFor = questionOpenFor.plus(SLICE);
            if (questionOpenFor.compareTo(PATIENCE_WITH_PIPE) > 0) {
                nobodyAnswers();
            }
        }
        return Optional.empty();
    }

    private Optional<Ending> noMoreInput() {
        inputEnded = true;
        lineWanted = false;
        if (!questions.isEmpty()) {
            nobodyAnswers();
        }
        return Optional.empty();
    }

    private Optional<Ending> typed(String line) throws InterruptedException {
        lineWanted = false;
        parts.screen().lineTyped();
        if (chat && line.strip().equals("/stop")) {
            stop();
        } else if (chat && line.strip().equals("/quit")) {
            inputEnded = true;
            stop();
        } else if (questions.isEmpty()) {
            parts.screen().note(0, "The agent is still at work. /stop stops it, /quit stops it and leaves.");
        } else {
            answer(questions.getFirst(), line);
        }
        if (chat) {
            wantLine();
        }
        return Optional.empty();
    }

    private void answer(QuestionPrompt question, String line) throws InterruptedException {
        var answer = Json.object().put("type", "run.answer").put("id", "answer-" + parts.ids().get())
                .put("request", parts.ids().get().toString()).put("run", run).put("question", question.id());
        var problem = question.wantsFiles() ? attach(line, question, answer) : fill(line, question, answer);
        if (problem.isPresent()) {
            parts.screen().problem(problem.get());
            put(question);
        } else {
            parts.connection().send(answer);
        }
    }

    /** Puts what was typed into the answer, or tells what is wrong with it. */
    private static Optional<String> fill(String line, QuestionPrompt question, ObjectNode answer) {
        var read = question.read(line);
        read.ifPresent(value -> answer.set("answer", value));
        return read.isPresent() ? Optional.empty() : Optional.of(question.hint());
    }

    private Optional<String> attach(String line, QuestionPrompt question, ObjectNode answer)
            throws InterruptedException {
        var paths = Arrays.stream(line.split(",")).map(String::strip).filter(path -> !path.isEmpty()).toList();
        if (paths.isEmpty()) {
            return Optional.of(question.hint());
        }
        try {
            var attachments = answer.putArray("attachments");
            for (var path : paths) {
                attachments.add(parts.upload(Uploads.readable(path)));
            }
            return Optional.empty();
        } catch (FailedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void put(QuestionPrompt question) {
        questionOpenFor = Duration.ZERO;
        question.show(parts.screen());
        if (inputEnded) {
            nobodyAnswers();
        } else {
            wantLine();
        }
    }

    private void closed(String question) {
        var wasShown = !questions.isEmpty() && questions.getFirst().id().equals(question);
        questions.removeIf(open -> open.id().equals(question));
        if (wasShown && !questions.isEmpty()) {
            put(questions.getFirst());
        }
    }

    private void nobodyAnswers() {
        parts.screen()
                .problem("Nobody can answer this here, so the run is stopped. Ask at a terminal, or hand the answer to "
                        + "the standard input.");
        stop();
    }

    private void stop() {
        if (!stopping) {
            stopping = true;
            parts.screen().aside(0, "Stopping ...");
            parts.connection().send(Json.object().put("type", "run.cancel").put("id", "cancel-" + run).put("run", run));
        }
    }

    private void wantLine() {
        if (!lineWanted && !inputEnded) {
            lineWanted = true;
            parts.keyboard().wantLine();
        }
    }
}
