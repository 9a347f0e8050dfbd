package io.insula.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: reads it, runs the one command it names, and gives the exit code. */
final class Commands {
    static final String ATTACH = "--attach";
    static final String THREAD = "--thread";
    static final String URL = "--url";
    static final String JSON = "--json";
    static final String DAYS = "--days";
    static final String AS = "--as";
    static final String ID = "--id";
    static final String USER = "--user";
    static final String FORCE = "--force";
    static final String YES = "--yes";

    private static final int WIDTH = 100;

    private final Surroundings surroundings;

    Commands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs one command. */
    ExitCode run(String... arguments) {
        var commandLine = commandLine();
        try {
            var parsed = commandLine.parseArgs(arguments);
            if (CommandLine.printHelpIfRequested(parsed)) {
                return ExitCode.DONE;
            }
            return dispatch(parsed);
        } catch (ParameterException e) {
            return usage(e);
        } catch (ConfigurationException e) {
            var problems = String.valueOf(e.getMessage()).lines().toList();
            surroundings.errors().println(problems.size() == 1
                    ? "insula: " + problems.getFirst()
                    : problems.stream()
                            .collect(Collectors.joining("\n  ", "insula: The configuration has problems:\n  ", "")));
            return ExitCode.USAGE;
        } catch (FailedException e) {
            surroundings.errors().println("insula: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            surroundings.errors().println("insula: Stopped.");
            return ExitCode.STOPPED;
        }
    }

    private ExitCode dispatch(ParseResult parsed) throws ConfigurationException, FailedException, InterruptedException {
        if (!parsed.hasSubcommand()) {
            return new ServeCommand(surroundings).run(CommandFlags.configuration(surroundings, parsed),
                    parsed.hasMatchedOption(JSON));
        }
        var command = parsed.subcommand();
        return switch (command.commandSpec().name()) {
            case "serve" -> new ServeCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command.hasMatchedOption(JSON));
            case "ask" -> new AskCommand(surroundings).run(CommandFlags.configuration(surroundings, command), command);
            case "chat" -> new ChatCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "token" -> token(command);
            case "export" -> new ExportCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "erase" -> new EraseCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "doctor" -> new DoctorCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "backup" -> new BackupCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "restore" -> new RestoreCommand(surroundings).run(CommandFlags.configuration(surroundings, command),
                    command);
            case "threads" -> threads(command);
            case "plugin" -> plugin(command);
            case "version" -> {
                surroundings.output().println(Version.line());
                yield ExitCode.DONE;
            }
            default -> throw new IllegalStateException("a command without an action: " + command.commandSpec().name());
        };
    }

    private ExitCode threads(ParseResult command)
            throws ConfigurationException, FailedException, InterruptedException {
        var chosen = command.hasSubcommand() ? command.subcommand() : command;
        var threads = new ThreadsCommand(surroundings);
        return switch (chosen.commandSpec().name()) {
            case "list" -> threads.list(CommandFlags.configuration(surroundings, chosen), chosen);
            case "read" -> threads.read(CommandFlags.configuration(surroundings, chosen), chosen);
            case "fork" -> threads.fork(CommandFlags.configuration(surroundings, chosen), chosen);
            default -> throw new ParameterException(
                    command.commandSpec().commandLine(), "Missing command: insula threads list, read or fork");
        };
    }

    private ExitCode token(ParseResult command)
            throws ConfigurationException, FailedException, InterruptedException {
        if (command.hasSubcommand()) {
            var revoke = command.subcommand();
            return new TokenRevokeCommand(surroundings).run(CommandFlags.configuration(surroundings, revoke), revoke);
        }
        if (!command.hasMatchedPositional(0)) {
            throw new ParameterException(
                    command.commandSpec().commandLine(), "Missing required parameter: 'NAME', or the command revoke");
        }
        return new TokenCommand(surroundings).run(CommandFlags.configuration(surroundings, command), command);
    }

    private ExitCode plugin(ParseResult command)
            throws ConfigurationException, FailedException, InterruptedException {
        if (!command.hasSubcommand()) {
            throw new ParameterException(
                    command.commandSpec().commandLine(), "Missing command: insula plugin list or verify");
        }
        var chosen = command.subcommand();
        var configuration = CommandFlags.configuration(surroundings, chosen);
        return switch (chosen.commandSpec().name()) {
            case "list" -> new PluginListCommand(surroundings).run(configuration, chosen.hasMatchedOption(JSON));
            case "verify" -> new PluginVerifyCommand(surroundings).run(configuration, chosen);
            default -> throw new IllegalStateException(
                    "a command without an action: " + chosen.commandSpec().name());
        };
    }

    private ExitCode usage(ParameterException problem) {
        var errors = surroundings.errors();
        errors.println("insula: " + PrintableText.line(String.valueOf(problem.getMessage()), 500));
        if (problem instanceof UnmatchedArgumentException unmatched) {
            var suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                errors.println("Did you mean: " + String.join(" or ", suggestions) + "?");
            }
        }
        errors.println("Try: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private CommandLine commandLine() {
        var root = command("insula", "Runs AI agents for many users at once. Without a command it serves.");
        root.version(Version.line());
        root.addOption(
                OptionSpec.builder("-V", "--version").versionHelp(true).description("Print the version.").build());
        root.addOption(serveJson());
        CommandFlags.addTo(root);
        root.usageMessage().footer(
                "",
                "Exit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong, 130 stopped by Ctrl-C.");

        var serve = command("serve", "Serve until stopped. This is what happens without a command.");
        serve.addOption(serveJson());
        CommandFlags.addTo(serve);
        root.addSubcommand("serve", serve);
        root.addSubcommand("ask", ask());
        root.addSubcommand("chat", chat());
        root.addSubcommand("threads", threads());
        root.addSubcommand("export", export());
        root.addSubcommand("erase", erase());
        root.addSubcommand("token", token());
        root.addSubcommand("doctor", doctor());
        root.addSubcommand("backup", backup());
        root.addSubcommand("restore", restore());
        root.addSubcommand("plugin", plugin());
        root.addSubcommand("version", command("version", "Print the version."));
        root.addSubcommand("help", new CommandLine(new CommandLine.HelpCommand()));

        var commandLine = new CommandLine(root);
        commandLine.setOut(new PrintWriter(surroundings.output(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(surroundings.errors(), true, StandardCharsets.UTF_8));
        commandLine.setUsageHelpWidth(WIDTH);
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return commandLine;
    }

    private static OptionSpec serveJson() {
        return OptionSpec.builder(JSON).description("Print where it listens, and what it serves, as one line of JSON.")
                .build();
    }

    private static CommandSpec ask() {
        var ask = command("ask", "Ask an agent one question and show the answer as it comes.");
        ask.addPositional(positional("AGENT", "0", "The agent's name.", true));
        ask.addPositional(positional("QUESTION", "1", "What to ask, in quotes.", true));
        ask.addOption(
                OptionSpec.builder(ATTACH).paramLabel("FILE").type(List.class).auxiliaryTypes(String.class).arity("1")
                        .description("Send this file along; can be repeated.").build());
        ask.addOption(OptionSpec.builder(THREAD).paramLabel("ID").type(String.class)
                .description("Go on with this conversation.").build());
        ask.addOption(OptionSpec.builder(JSON).description("Print the events as lines of JSON.").build());
        addClientFlags(ask);
        return ask;
    }

    private static CommandSpec chat() {
        var chat = command("chat", "Talk with an agent, input by input. /help there shows what can be typed.");
        chat.addPositional(positional("AGENT", "0", "The agent to begin with.", false));
        addClientFlags(chat);
        return chat;
    }

    private static CommandSpec threads() {
        var json = "Print JSON, an object on each line.";
        var list = command("list", "List your conversations, the latest first.");
        list.addOption(OptionSpec.builder(JSON).description(json).build());
        addClientFlags(list);
        var read = command("read", "Show a conversation, with the ids of its messages.");
        read.addPositional(positional("THREAD", "0", "The conversation's id.", true));
        read.addOption(OptionSpec.builder(JSON).description(json).build());
        addClientFlags(read);
        var fork = command("fork", "Begin a conversation with what was said in another one, and print its id.");
        fork.addPositional(positional("THREAD", "0", "The other conversation's id.", true));
        fork.addPositional(positional("MESSAGE", "1", "The id of the last message to take along.", true));
        fork.addOption(OptionSpec.builder(AS).paramLabel("ID").type(String.class)
                .description("The id of the new conversation; by default one is made.").build());
        fork.addOption(OptionSpec.builder(JSON).description("Print JSON.").build());
        addClientFlags(fork);
        var threads = command("threads", "Look at your conversations, and fork them.");
        threads.addSubcommand("list", list);
        threads.addSubcommand("read", read);
        threads.addSubcommand("fork", fork);
        return threads;
    }

    private static CommandSpec export() {
        var export = command("export", "Take all your data along: one zip, whole or not at all.");
        export.addPositional(positional("FILE", "0", "The file to write.", true));
        export.addOption(OptionSpec.builder(FORCE).description("Replace the file if there is one.").build());
        addClientFlags(export);
        return export;
    }

    private static CommandSpec erase() {
        var erase = command("erase", "Have all your data erased for good: threads, runs, files and notes.");
        erase.addOption(OptionSpec.builder(YES).description("Do not ask once more.").build());
        addClientFlags(erase);
        return erase;
    }

    private static CommandSpec token() {
        var token = command("token", "Make a token for a user of this installation and print it.");
        token.addPositional(positional("NAME", "0", "The user's name.", false));
        token.addOption(OptionSpec.builder(DAYS).paramLabel("N").type(Integer.class).defaultValue("30")
                .description(
                        "How many days it is valid, 1 to " + TokenCommand.MOST_DAYS + " (default: ${DEFAULT-VALUE}).")
                .build());
        CommandFlags.addTo(token);
        token.addSubcommand("revoke", tokenRevoke());
        return token;
    }

    private static CommandSpec tokenRevoke() {
        var revoke = command(
                "revoke", "Have a token accepted no more, or all of a user; connections under it are closed.");
        revoke.addPositional(
                positional("TOKEN", "0", "The token; - reads it from the input, so that no list of processes shows it.",
                        false));
        revoke.addOption(OptionSpec.builder(ID).paramLabel("ID").type(String.class)
                .description("The id (jti) of the token instead.").build());
        revoke.addOption(OptionSpec.builder(USER).paramLabel("NAME").type(String.class)
                .description("All tokens of this user that were issued until now instead.").build());
        CommandFlags.addTo(revoke);
        return revoke;
    }

    private static CommandSpec doctor() {
        var doctor = command("doctor", "Look through a data folder from which no Insula serves; nothing is changed.");
        doctor.addOption(OptionSpec.builder(JSON).description("Print JSON.").build());
        CommandFlags.addTo(doctor);
        doctor.usageMessage().footer(
                "",
                "Exit codes: 0 all is well, 1 something is wrong or it could not look, 2 Insula cannot serve from it.");
        return doctor;
    }

    private static CommandSpec backup() {
        var backup = command("backup", "Write everything of all users into one archive, also while Insula serves.");
        backup.addPositional(positional("FILE", "0", "The file to write.", true));
        backup.addOption(OptionSpec.builder(FORCE).description("Replace the file if there is one.").build());
        CommandFlags.addTo(backup);
        return backup;
    }

    private static CommandSpec restore() {
        var restore = command("restore", "Put a backup into a data folder from which no Insula serves.");
        restore.addPositional(positional("FILE", "0", "The archive that a backup wrote.", true));
        restore.addOption(OptionSpec.builder(FORCE)
                .description("Replace the data that is there, which is kept aside.").build());
        CommandFlags.addTo(restore);
        return restore;
    }

    private static CommandSpec plugin() {
        var list = command("list", "Ask the Insula that serves from the data folder for its plugins and their states.");
        list.addOption(OptionSpec.builder(JSON).description("Print JSON.").build());
        CommandFlags.addTo(list);
        var verify = command("verify", "Tell whether a plugin's file keeps the rules; no code of it runs.");
        verify.addPositional(positional("FILE", "0", "The jar or zip.", true));
        verify.addOption(OptionSpec.builder(JSON).description("Print JSON.").build());
        CommandFlags.addTo(verify);
        verify.usageMessage().footer(
                "",
                "Exit codes: 0 it keeps all rules, 1 it is refused or cannot be read. docs/plugin-rules.md has the rules.");
        var plugin = command("plugin", "Look at plugins.");
        plugin.addSubcommand("list", list);
        plugin.addSubcommand("verify", verify);
        return plugin;
    }

    private static void addClientFlags(CommandSpec command) {
        command.addOption(OptionSpec.builder(URL).paramLabel("URL").type(String.class)
                .description("The server (default: INSULA_URL, else this machine's).").build());
        CommandFlags.addTo(command);
        command.usageMessage().footer(
                "", "The token is INSULA_TOKEN; without it, one is made for your login with this installation's key.");
    }

    private static CommandSpec command(String name, String description) {
        var command = CommandSpec.create().name(name);
        command.usageMessage().description(description);
        command.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
        return command;
    }

    private static PositionalParamSpec positional(String label, String index, String description, boolean required) {
        return PositionalParamSpec.builder().paramLabel(label).index(index).arity(required ? "1" : "0..1")
                .required(required)
                .type(String.class).description(description).build();
    }
}
