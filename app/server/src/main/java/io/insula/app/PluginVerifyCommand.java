package io.insula.app;

import io.insula.agent.rules.Capability;
import io.insula.agent.rules.Finding;
import io.insula.plugin.host.PluginHostSettings;
import io.insula.plugin.host.PluginInspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ParseResult;

/** {@code insula plugin verify}: gives the verdict of the gate on one file. No code of the plugin runs. */
final class PluginVerifyCommand {
    private static final int LONGEST_TEXT = 1_000;

    private final Surroundings surroundings;

    PluginVerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException {
        String name = flags.matchedPositionalValue(0, "");
        var file = file(name);
        var inspection = inspect(configuration, file);
        if (flags.hasMatchedOption(Commands.JSON)) {
            surroundings.output().println(json(file, inspection));
        } else {
            print(file, inspection);
        }
        return inspection.verdict().accepted() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static Path file(String name) throws FailedException {
        try {
            var file = Path.of(name).toAbsolutePath();
            if (Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new FailedException("\"" + PrintableText.line(name, LONGEST_TEXT) + "\" is not the name of a file.",
                    e);
        }
        throw new FailedException("There is no file " + PrintableText.line(name, LONGEST_TEXT) + ".");
    }

    private static PluginInspection inspect(Configuration configuration, Path file) throws FailedException {
        try (var work = TemporaryFolder.make("insula-plugin-verify-")) {
            return PluginInspection.of(file, new PluginHostSettings(configuration.plugins(),
                    work.path().resolve("plugins"), Version.number(), configuration.pluginLimits(),
                    configuration.grants()));
        } catch (IOException e) {
            throw new FailedException("The file " + file + " cannot be read (" + DataFolder.reason(e) + ").", e);
        }
    }

    private void print(Path file, PluginInspection inspection) {
        var output = surroundings.output();
        var verdict = inspection.verdict();
        var name = PrintableText.line(String.valueOf(file.getFileName()), 200)
                + inspection.id().map(id -> " (" + PrintableText.line(id, 64) + " "
                        + PrintableText.line(inspection.version().orElse("?"), 100) + ")").orElse("");
        inspection.sha256().ifPresent(sha256 -> output.println("SHA-256: " + sha256));
        if (verdict.accepted()) {
            output.println(name + " keeps all rules.");
            return;
        }
        output.println(name + " is refused:");
        for (var finding : verdict.findings()) {
            output.println("  " + PrintableText.line(finding.text(), 2 * LONGEST_TEXT));
        }
        if (verdict.more() > 0) {
            output.println("  And " + verdict.more() + " more.");
        }
    }

    private static String json(Path file, PluginInspection inspection) {
        var root = Json.object().put("file", String.valueOf(file.getFileName()));
        inspection.id().ifPresent(id -> root.put("id", id));
        inspection.version().ifPresent(version -> root.put("version", version));
        inspection.sha256().ifPresent(sha256 -> root.put("sha256", sha256));
        var asks = root.putArray("asks");
        inspection.asks().stream().map(Capability::id).sorted().forEach(asks::add);
        root.put("accepted", inspection.verdict().accepted());
        var findings = root.putArray("findings");
        for (Finding finding : inspection.verdict().findings()) {
            findings.addObject().put("rule", finding.rule().id()).put("class", finding.className())
                    .put("member", finding.member()).put("reason", finding.reason()).put("remedy", finding.remedy());
        }
        root.put("more", inspection.verdict().more());
        return root.toPrettyString();
    }
}
