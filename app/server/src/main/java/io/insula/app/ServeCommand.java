package io.insula.app;

import io.insula.plugin.host.PluginReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code insula serve}: serves until somebody asks it to stop. */
final class ServeCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final Duration LINK_LIFETIME = Duration.ofHours(24);

    private final Surroundings surroundings;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, boolean json) throws FailedException {
        var stop = new StopRequest();
        surroundings.signals().onStop(stop::ask);
        var data = DataFolder.open(configuration.data());
        try (var held = data.lock(ProcessHandle.current().pid())) {
            var key = SigningKey.open(data);
            var platform = Platform.start(configuration, data, key, surroundings.clock());
            held.tellAdmin(platform.adminUrl());
            if (json) {
                greetProgram(configuration, platform, key);
            } else {
                greet(configuration, platform, key);
            }
            stop.await();
            LOG.info("stopping data={}", held.folder());
            stop(platform);
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new FailedException("The data folder " + configuration.data() + " cannot be let go of ("
                    + DataFolder.reason(e) + ").", e);
        }
    }

    private void greet(Configuration configuration, Platform platform, SigningKey key) {
        var output = surroundings.output();
        output.println("Insula is listening on " + platform.url());
        token(configuration, key).ifPresentOrElse(
                token -> output.println("Open " + platform.url() + "/#token=" + token),
                () -> output.println(
                        configuration.tokens().foreignKeys().isPresent()
                                ? "Get a token from " + configuration.issuer() + " and open " + platform.url()
                                        + "/#token=TOKEN"
                                : "Make a token with \"insula token NAME\" and open " + platform.url()
                                        + "/#token=TOKEN"));
        var agents = platform.agents();
        output.println(agents.isEmpty() ? "No agents are loaded from " + configuration.plugins() : "Agents:");
        agents.forEach(agent -> output.println("  " + PrintableText.line(agent.name(), 64) + ": "
                + PrintableText.line(agent.summary(), 200)));
        platform.plugins().stream().flatMap(report -> problem(report).stream()).forEach(output::println);
        output.println("Operators ask " + platform.adminUrl() + "/health/ready");
        output.flush();
    }

    /** The same, as one line of JSON. */
    private void greetProgram(Configuration configuration, Platform platform, SigningKey key) {
        var told = Json.object().put("url", platform.url()).put("admin", platform.adminUrl());
        token(configuration, key).ifPresent(token -> told.put("token", token));
        var agents = told.putArray("agents");
        platform.agents().forEach(agent -> agents.add(agent.name()));
        var problems = told.putArray("problems");
        platform.plugins().stream().flatMap(report -> problem(report).stream()).forEach(problems::add);
        surroundings.output().println(told);
        surroundings.output().flush();
    }

    /**
     * For the person who started the server. A login that is no user's name gets none, and nobody where tokens come from
     * somebody else.
     */
    private Optional<String> token(Configuration configuration, SigningKey key) {
        if (configuration.tokens().foreignKeys().isPresent()) {
            return Optional.empty();
        }
        try {
            var user = TokenCommand.user(configuration, surroundings.login());
            return Optional.of(
                    key.token(user, configuration.audience(), surroundings.clock().instant(), LINK_LIFETIME));
        } catch (FailedException e) {
            LOG.warn("no link for the login reason={}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<String> problem(PluginReport report) {
        return report.problem()
                .map(problem -> "Not loaded: " + PrintableText.line(String.valueOf(report.file().getFileName()), 200)
                        + ": " + PrintableText.line(problem, 1_000));
    }

    // In a thread of its own, so that a part which hangs cannot keep the process: the bound is kept without it.
    private void stop(Platform platform) {
        var stopping = Thread.ofPlatform().daemon(true).name("stop").start(platform::stop);
        if (!StopRequest.awaitEnd(stopping, platform.stopTime(), surroundings.clock())) {
            LOG.warn("stopped without waiting any longer seconds={}", platform.stopTime().toSeconds());
        }
    }
}
