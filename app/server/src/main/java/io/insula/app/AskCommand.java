package io.insula.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** {@code insula ask AGENT QUESTION}: one question, its answer on the output, and everything else on the error stream. */
final class AskCommand {
    private final Surroundings surroundings;

    AskCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException, InterruptedException {
        String agent = flags.matchedPositionalValue(0, "");
        String question = flags.matchedPositionalValue(1, "");
        List<String> typed = flags.matchedOptionValue(Commands.ATTACH, List.of());
        var files = new ArrayList<Path>();
        for (var file : typed) {
            files.add(Uploads.readable(file));
        }
        try (var setup = ClientSetup.of(surroundings, configuration, flags)) {
            var parts = setup.parts();
            setup.connection().connect().require(agent);
            var start = Json.object().put("type", "run.start").put("agent", agent).put("input", question);
            if (flags.hasMatchedOption(Commands.THREAD)) {
                start.put("thread", flags.matchedOptionValue(Commands.THREAD, ""));
            }
            if (!files.isEmpty()) {
                var attachments = start.putArray("attachments");
                for (var file : files) {
                    attachments.add(parts.upload(file));
                }
            }
            var display = flags.hasMatchedOption(Commands.JSON)
                    ? new JsonLines(surroundings.output())
                    : new RunDisplay(parts.screen());
            var follower = new RunFollower(parts, display, false);
            return exitCode(follower, follower.follow(start, false), parts.screen());
        }
    }

    private static ExitCode exitCode(RunFollower follower, Ending ending, Screen screen) {
        screen.endAnswerLine();
        return switch (ending.state()) {
            case COMPLETED -> ExitCode.DONE;
            case CANCELLED -> follower.stopAsked() ? ExitCode.STOPPED : ExitCode.FAILED;
            case FAILED -> {
                screen.problem(ending.inWords());
                yield follower.stopAsked() ? ExitCode.STOPPED : ExitCode.FAILED;
            }
        };
    }
}
