package io.insula.app;

import java.time.Duration;
import java.util.UUID;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code insula threads}: lists the user's conversations, shows one, and begins one with what was said in another. */
final class ThreadsCommand {
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final int PAGE = 200;
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TITLE = 80;

    private final Surroundings surroundings;

    ThreadsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Lists the threads, latest first. */
    ExitCode list(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        boolean json = flags.hasMatchedOption(Commands.JSON);
        return pages(configuration, flags, Json.object().put("type", "threads.list"), "threads", thread -> {
            if (json) {
                surroundings.output().println(thread);
                return;
            }
            surroundings.output().println(line(thread, "thread", LONGEST_ID) + "  " + line(thread, "updatedAt", 40)
                    + "  " + line(thread, "agent", 64) + "  " + line(thread, "title", LONGEST_TITLE));
        });
    }

    /** Shows the messages of a thread, oldest first. */
    ExitCode read(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        boolean json = flags.hasMatchedOption(Commands.JSON);
        var read = Json.object().put("type", "thread.read").put("thread", flags.matchedPositionalValue(0, ""));
        return pages(configuration, flags, read, "messages", message -> {
            if (json) {
                surroundings.output().println(message);
                return;
            }
            var user = line(message, "role", 16).equals("user");
            surroundings.output().println("[" + line(message, "id", LONGEST_ID) + "] "
                    + (user ? "you" : line(message, "agent", 64)) + ", " + line(message, "at", 40));
            surroundings.output().println(PrintableText.block(message.path("text").stringValue("")).stripTrailing());
            surroundings.output().println();
        });
    }

    /** Begins a thread with the messages of another one up to one of them, and prints its id. */
    ExitCode fork(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        try (var setup = ClientSetup.of(surroundings, configuration, flags)) {
            setup.connection().connect();
            var fork = Json.object().put("type", "thread.fork").put("thread", flags.matchedPositionalValue(0, ""))
                    .put("message", flags.matchedPositionalValue(1, ""));
            if (flags.hasMatchedOption(Commands.AS)) {
                fork.put("newThread", flags.matchedOptionValue(Commands.AS, ""));
            }
            var thread = ask(setup.connection(), fork).path("thread");
            surroundings.output().println(
                    flags.hasMatchedOption(Commands.JSON) ? thread.toString() : line(thread, "thread", LONGEST_ID));
            return ExitCode.DONE;
        }
    }

    /** Does something with an element of a list. */
    private interface Element {
        void show(JsonNode element);
    }

    private ExitCode pages(
            Configuration configuration, ParseResult flags, ObjectNode question, String member, Element each)
            throws FailedException, InterruptedException {
        try (var setup = ClientSetup.of(surroundings, configuration, flags)) {
            setup.connection().connect();
            question.put("size", PAGE);
            while (true) {
                var page = ask(setup.connection(), question.deepCopy());
                page.path(member).forEach(each::show);
                surroundings.output().flush();
                if (!page.has("next")) {
                    return ExitCode.DONE;
                }
                question.put("after", page.path("next").stringValue(""));
            }
        }
    }

    /** Sends one message and waits for its reply. */
    private static JsonNode ask(LiveConnection connection, ObjectNode question)
            throws FailedException, InterruptedException {
        var id = UUID.randomUUID().toString();
        connection.send(question.put("id", id));
        while (true) {
            switch (connection.next(SLICE).orElse(null)) {
                case Happening.Received received when received.message().path("id").stringValue("").equals(id) -> {
                    return reply(received.message());
                }
                case Happening.StopAsked asked -> throw new InterruptedException();
                case null -> { /* nothing happened */ }
                case Happening.Received received -> { /* something else */ }
                case Happening.Typed typed -> { /* nobody was asked */ }
                case Happening.InputEnded ended -> { /* nobody was asked */ }
                case Happening.Lost lost -> { /* the connection sees to it */ }
            }
        }
    }

    private static JsonNode reply(JsonNode message) throws FailedException {
        if (message.path("type").stringValue("").equals("refused")) {
            throw new FailedException(line(message, "message", 500) + " [" + line(message, "code", 100) + "]");
        }
        return message;
    }

    private static String line(JsonNode node, String member, int longest) {
        return PrintableText.line(node.path(member).stringValue(""), longest);
    }
}
