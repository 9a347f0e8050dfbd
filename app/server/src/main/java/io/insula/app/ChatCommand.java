package io.insula.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/** {@code insula chat}: a conversation in one thread, input by input. */
final class ChatCommand {
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final List<String> WORDS =
            List.of("/agents", "/agent", "/attach", "/stop", "/new", "/help", "/quit");

    private final Surroundings surroundings;

    ChatCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        String agent = flags.matchedPositionalValue(0, "");
        try (var setup = ClientSetup.of(surroundings, configuration, flags)) {
            var welcome = setup.connection().connect();
            if (!agent.isEmpty()) {
                welcome.require(agent);
            }
            return new Chat(setup.parts(), welcome, agent).run();
        }
    }

    /** One conversation. Confined to one thread. */
    private static final class Chat {
        private final RunFollower.Parts parts;
        private final Screen screen;
        private final Welcome welcome;
        private final List<String> attachments = new ArrayList<>();
        private String agent;
        private String thread;
        private boolean lineWanted;

        private Chat(RunFollower.Parts parts, Welcome welcome, String agent) {
            this.parts = parts;
            this.screen = parts.screen();
            this.welcome = welcome;
            this.agent = agent.isEmpty() && welcome.agents().size() == 1 ? welcome.agents().getFirst().name() : agent;
            this.thread = parts.ids().get().toString();
        }

        private ExitCode run() throws FailedException, InterruptedException {
            screen.aside(0, "You are " + welcome.subject() + ". /help shows what can be typed.");
            if (agent.isEmpty()) {
                listAgents();
            }
            while (true) {
                screen.prompt(agent.isEmpty() ? "> " : agent + "> ");
                var line = nextLine();
                if (line.isEmpty()) {
                    return ExitCode.DONE;
                }
                var exit = line.get().startsWith("/") ? command(line.get().strip()) : ask(line.get());
                if (exit.isPresent()) {
                    return exit.get();
                }
            }
        }

        /** The next line typed; empty if there is none any more. */
        private Optional<String> nextLine() throws FailedException, InterruptedException {
            if (!lineWanted) {
                parts.keyboard().wantLine();
                lineWanted = true;
            }
            while (true) {
                switch (parts.connection().next(SLICE).orElse(null)) {
                    case null -> { /* nothing happened */ }
                    case Happening.Typed typed -> {
                        lineWanted = false;
                        screen.lineTyped();
                        return Optional.of(typed.line());
                    }
                    case Happening.InputEnded ended -> {
                        return Optional.empty();
                    }
                    case Happening.StopAsked asked -> throw new InterruptedException();
                    case Happening.Received received -> refusedSubscription(received.message());
                    case Happening.Lost lost -> { /* the connection sees to it */ }
                }
            }
        }

        private void refusedSubscription(JsonNode message) {
            if (message.path("type").stringValue("").equals("refused")
                    && message.path("id").stringValue("").equals(LiveConnection.SUBSCRIBE)) {
                parts.connection().followFromNow();
            }
        }

        private Optional<ExitCode> ask(String input) throws FailedException, InterruptedException {
            if (input.isBlank()) {
                return Optional.empty();
            }
            if (agent.isEmpty()) {
                screen.problem("Choose an agent first: /agent NAME.");
                return Optional.empty();
            }
            var start = Json.object().put("type", "run.start").put("agent", agent).put("input", input).put("thread",
                    thread);
            if (!attachments.isEmpty()) {
                var ids = start.putArray("attachments");
                attachments.forEach(ids::add);
                attachments.clear();
            }
            var follower = new RunFollower(parts, new RunDisplay(screen), true);
            var ending = follower.follow(start, lineWanted);
            lineWanted = follower.lineWanted();
            screen.endAnswerLine();
            if (ending.state() == Ending.State.FAILED) {
                screen.problem(ending.inWords());
            }
            if (follower.stopAsked()) {
                return Optional.of(ExitCode.STOPPED);
            }
            return follower.inputEnded() ? Optional.of(ExitCode.DONE) : Optional.empty();
        }

        private Optional<ExitCode> command(String line) throws InterruptedException {
            var space = line.indexOf(' ');
            var word = space < 0 ? line : line.substring(0, space);
            var rest = space < 0 ? "" : line.substring(space + 1).strip();
            switch (word) {
                case "/quit" -> {
                    return Optional.of(ExitCode.DONE);
                }
                case "/agents" -> listAgents();
                case "/agent" -> choose(rest);
                case "/attach" -> attach(rest);
                case "/new" -> {
                    thread = parts.ids().get().toString();
                    attachments.clear();
                    screen.note(0, "A new conversation begins.");
                }
                case "/stop" -> screen.note(0, "Nothing is at work.");
                case "/help" -> help();
                default -> screen.problem("There is no command " + PrintableText.line(word, 40) + "."
                        + Suggestion.sentence(word, WORDS) + " /help shows all.");
            }
            return Optional.empty();
        }

        private void help() {
            screen.note(0, "/agents        list the agents");
            screen.note(0, "/agent NAME    ask this agent from now on");
            screen.note(0, "/attach FILE   send this file along with the next input");
            screen.note(0, "/stop          stop the agent at work");
            screen.note(0, "/new           begin a new conversation");
            screen.note(0, "/quit          leave");
        }

        private void listAgents() {
            if (welcome.agents().isEmpty()) {
                screen.problem("No agent is loaded.");
            }
            welcome.agents().forEach(known -> screen.note(0, known.name() + ": " + known.summary()));
        }

        private void choose(String name) {
            try {
                welcome.require(name);
                agent = name;
            } catch (FailedException e) {
                screen.problem(String.valueOf(e.getMessage()));
            }
        }

        private void attach(String file) throws InterruptedException {
            try {
                attachments.add(parts.upload(Uploads.readable(file)));
            } catch (FailedException e) {
                screen.problem(String.valueOf(e.getMessage()));
            }
        }
    }
}
