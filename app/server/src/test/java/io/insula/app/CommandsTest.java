package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void newCommand() {
        command = new CommandRun(folder).with("INSULA_DATA_DIR", folder.resolve("data").toString());
    }

    @Test
    void tokenPrintsTheTokenAndNothingElse() throws Exception {
        assertEquals(ExitCode.DONE, command.run("token", "grace", "--days", "2"));

        var token = SignedJWT.parse(command.output().strip());
        assertEquals("grace", token.getJWTClaimsSet().getSubject());
        assertEquals(
                CommandRun.NOW.plus(Duration.ofDays(2)), token.getJWTClaimsSet().getExpirationTime().toInstant());
        assertEquals("", command.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3650"})
    void daysWithinTheLimitsAreTaken(String days) {
        assertEquals(ExitCode.DONE, command.run("token", "grace", "--days", days));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3651", "many"})
    void daysBeyondTheLimitsAreAWrongCommandLine(String days) {
        assertEquals(ExitCode.USAGE, command.run("token", "grace", "--days", days));
        assertEquals("", command.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ada", "anonymous", "a\u202eb"})
    void whatCannotBeAUserGetsNoToken(String name) {
        assertEquals(ExitCode.FAILED, command.run("token", name));
        assertEquals("", command.output());
        assertTrue(command.errors().contains("cannot be a user's name"), command.errors());
    }

    @Test
    void anUnknownCommandIsAWrongCommandLineWithASuggestion() {
        assertEquals(ExitCode.USAGE, command.run("tokn", "grace"));
        assertTrue(command.errors().contains("token"), command.errors());
        assertTrue(command.errors().contains("--help"), command.errors());
    }

    @Test
    void aMissingArgumentNamesWhatIsMissing() {
        assertEquals(ExitCode.USAGE, command.run("ask", "hello"));
        assertTrue(command.errors().contains("QUESTION"), command.errors());
    }

    @Test
    void aWrongSettingNamesTheRightOne() {
        assertEquals(ExitCode.USAGE, command.run("token", "grace", "--set", "htp.port=1"));
        assertEquals("insula: There is no setting \"htp.port\" (in --set). Did you mean \"http.port\"?\n",
                command.errors());
    }

    @Test
    void aSettingWithoutAValueIsAWrongCommandLine() {
        assertEquals(ExitCode.USAGE, command.run("token", "grace", "--set", "http.port"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "version"})
    void theVersionIsOneLine(String argument) {
        assertEquals(ExitCode.DONE, command.run(argument));
        assertEquals("insula " + Version.number() + "\n", command.output());
    }

    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        assertEquals(ExitCode.DONE, command.run("help"));

        for (var word : new String[]{"serve", "ask", "chat", "token", "plugin", "version", "Exit codes"}) {
            assertTrue(command.output().contains(word), word);
        }
    }

    @Test
    void helpOfACommandShowsItsFlags() {
        assertEquals(ExitCode.DONE, command.run("ask", "--help"));
        assertTrue(command.output().contains("--attach"), command.output());
    }

    @Test
    void aFolderThatCannotBeMadeIsOneClearLine() throws Exception {
        var file = java.nio.file.Files.createFile(folder.resolve("file"));

        assertEquals(ExitCode.FAILED, command.run("token", "grace", "--data-dir", file.toString()));
        assertEquals(1, command.errors().lines().count(), command.errors());
        assertTrue(command.errors().contains("INSULA_DATA_DIR"), command.errors());
    }
}
