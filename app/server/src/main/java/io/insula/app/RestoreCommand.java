package io.insula.app;

import io.insula.engine.user.DataRefusedException;
import io.insula.engine.user.OfflineData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.ParseResult;

/** {@code insula restore FILE}: puts a backup into a data folder from which nobody serves. */
final class RestoreCommand {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Surroundings surroundings;

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, ParseResult flags) throws FailedException {
        Path archive = Uploads.readable(flags.matchedPositionalValue(0, ""));
        var data = DataFolder.open(configuration.data());
        try (var held = data.lock(ProcessHandle.current().pid())) {
            var offline = new OfflineData(held.folder());
            if (offline.isAnythingThere() && !flags.hasMatchedOption(Commands.FORCE)) {
                throw new FailedException("There is data in " + held.folder()
                        + " already. Name another folder with --data-dir, or replace it with --force: what is there"
                        + " now is kept aside.");
            }
            data.useNativeCode();
            var aside = offline.restore(archive, NAME.format(surroundings.clock().instant()));
            surroundings.errors().println("Restored into " + held.folder() + ".");
            aside.ifPresent(kept -> surroundings.errors().println("What was there before is in " + kept + "."));
            return ExitCode.DONE;
        } catch (DataRefusedException e) {
            throw new FailedException(e.words(), e);
        } catch (IOException e) {
            throw new FailedException("The backup cannot be restored (" + DataFolder.reason(e) + ").", e);
        }
    }
}
