package io.insula.app;

import io.insula.agent.UserId;
import io.insula.engine.user.JournalCheck;
import io.insula.engine.user.JournalReport;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.ParseResult;

/**
 * {@code insula doctor}: looks through a data folder that nobody serves from, changes nothing, and tells by its exit
 * code what it found.
 */
final class DoctorCommand {
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_ID = 300;

    private final Surroundings surroundings;

    DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException {
        var data = DataFolder.open(configuration.data());
        try (var held = data.lock(ProcessHandle.current().pid())) {
            data.useNativeCode();
            var report = new JournalCheck(held.folder()).run();
            if (flags.hasMatchedOption(Commands.JSON)) {
                surroundings.output().println(json(report));
            } else {
                print(report);
            }
            if (!report.usable()) {
                return ExitCode.USAGE;
            }
            return report.isSound() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IOException e) {
            throw new FailedException("The data folder " + configuration.data() + " cannot be looked through ("
                    + DataFolder.reason(e) + ").", e);
        }
    }

    private void print(JournalReport report) {
        var output = surroundings.output();
        output.println(summary(report));
        for (var run : report.unfinished()) {
            output.println(
                    "Not ended: " + user(run.user()) + ": run " + PrintableText.line(run.run().value(), LONGEST_ID)
                            + ", " + word(run));
        }
        for (var finding : report.findings()) {
            output.println(finding.user().map(user -> "Wrong: " + user(user) + ": ").orElse("Wrong: ")
                    + PrintableText.line(finding.text(), LONGEST_TEXT));
        }
        if (report.findings().size() == JournalReport.MOST_FINDINGS) {
            output.println("There may be more: only the first " + JournalReport.MOST_FINDINGS + " are told.");
        }
        output.println(verdict(report));
    }

    static String summary(JournalReport report) {
        return "Journal: format " + report.version() + ", " + count(report.bytes(), "byte") + ", "
                + count(report.users(), "user") + ", " + count(report.events(), "event") + ", "
                + count(report.unfinished().size(), "run")
                + (report.unfinished().size() == 1 ? " that has not ended" : " that have not ended");
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String verdict(JournalReport report) {
        if (!report.usable()) {
            return "Insula cannot serve from this folder. Restore a backup.";
        }
        return report.isSound() ? "Everything is as it should be."
                : "Insula can serve from this folder, and something is wrong in it.";
    }

    private static String json(JournalReport report) {
        var root = Json.object().put("usable", report.usable()).put("sound", report.isSound())
                .put("version", report.version()).put("bytes", report.bytes()).put("users", report.users())
                .put("events", report.events());
        var unfinished = root.putArray("unfinished");
        for (var run : report.unfinished()) {
            unfinished.addObject().put("issuer", run.user().issuer()).put("subject", run.user().subject())
                    .put("run", run.run().value()).put("state", word(run));
        }
        var findings = root.putArray("findings");
        for (var finding : report.findings()) {
            var node = findings.addObject().put("text", finding.text());
            finding.user().ifPresent(user -> node.put("issuer", user.issuer()).put("subject", user.subject()));
        }
        return root.toPrettyString();
    }

    private static String user(UserId user) {
        return PrintableText.line(user.subject(), LONGEST_ID) + " of " + PrintableText.line(user.issuer(), LONGEST_ID);
    }

    private static String word(JournalReport.Unfinished run) {
        return run.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
