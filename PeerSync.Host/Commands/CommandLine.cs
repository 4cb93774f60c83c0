using System.Collections;
using System.CommandLine;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Commands;

/// <summary>The subcommands of <c>peersync</c> and their options. Each command is a class of its own; this one only reads the line.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Config = new("--config", "-c")
    {
        Description = "A HOCON file whose settings override the built-in defaults.",
        HelpName = "FILE",
        Recursive = true,
    };

    internal static RootCommand Create()
    {
        var root = new RootCommand("PeerSync: one realtime server for five products. Without a command it serves.");
        root.Options.Add(Config);
        root.SetAction((line, cancellationToken) => ServeCommand.RunAsync(Load(line), cancellationToken));
        root.Subcommands.Add(Serve());
        root.Subcommands.Add(CheckConfig());
        root.Subcommands.Add(Token());
        root.Subcommands.Add(Sessions());
        root.Subcommands.Add(Moderators());
        root.Subcommands.Add(Doctor());
        root.Subcommands.Add(Healthcheck());
        return root;
    }

    /// <summary>The process's environment, as the configuration reads it.</summary>
    internal static IReadOnlyDictionary<string, string> ReadEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? string.Empty, StringComparer.Ordinal);

    private static PeerSyncConfiguration Load(ParseResult line) => PeerSyncConfiguration.Load(line.GetValue(Config), ReadEnvironment());

    private static Command Serve()
    {
        var command = new Command("serve", "Runs the server until it is told to stop (the default).");
        command.SetAction((line, cancellationToken) => ServeCommand.RunAsync(Load(line), cancellationToken));
        return command;
    }

    private static Command CheckConfig()
    {
        var command = new Command("check-config", "Prints every setting in force and where it comes from; secrets are masked.");
        command.SetAction(line => CheckConfigCommand.Run(line.GetValue(Config), ReadEnvironment(), Console.Out, Console.Error));
        return command;
    }

    private static Command Token()
    {
        var user = new Option<string>("--user", "-u") { Description = "The user id.", Required = true };
        var name = new Option<string?>("--name") { Description = "The display name; the user id by default." };
        var email = new Option<string?>("--email") { Description = "The email address." };
        var expires = new Option<string?>("--expires") { Description = "The lifetime, for example 30m, 1h or 7d." };
        var command = new Command("token", "Issues a token that this server accepts; needs its private key (the development key, or JWT_PRIVATE_KEY).");
        command.Options.Add(user);
        command.Options.Add(name);
        command.Options.Add(email);
        command.Options.Add(expires);
        command.SetAction(line => TokenCommand.Run(
            Load(line), line.GetValue(user)!, line.GetValue(name), line.GetValue(email), line.GetValue(expires), Console.Out, Console.Error));
        return command;
    }

    private static Command Sessions()
    {
        var limit = new Option<int>("--limit") { Description = "How many to list.", DefaultValueFactory = static _ => 100 };
        var command = new Command("sessions", "Lists a running node's connections.");
        command.Options.Add(limit);
        command.SetAction((line, cancellationToken) => SessionsCommand.RunAsync(Load(line), line.GetValue(limit), Console.Out, Console.Error, cancellationToken));
        return command;
    }

    private static Command Moderators()
    {
        var device = new Option<string>("--device", "-d") { Description = "The device id.", Required = true };
        var role = new Option<string>("--role") { Description = "moderator or admin.", DefaultValueFactory = static _ => "moderator" };
        role.AcceptOnlyFromAmong("moderator", "admin");
        var expires = new Option<string?>("--expires") { Description = "The lifetime, for example 30m, 1h or 7d; that of all tokens by default." };
        var list = new Command("list", "Lists the moderators.");
        list.SetAction((line, cancellationToken) => ModeratorsCommand.ListAsync(Load(line), Console.Out, Console.Error, cancellationToken));
        var add = new Command("add", "Makes a device a moderator.");
        add.Options.Add(device);
        add.Options.Add(role);
        add.SetAction((line, cancellationToken) => ModeratorsCommand.AppointAsync(
            Load(line), line.GetValue(device)!, line.GetValue(role)!, Console.Out, Console.Error, cancellationToken));
        var remove = new Command("remove", "Makes a moderator a user again.");
        remove.Options.Add(device);
        remove.SetAction((line, cancellationToken) => ModeratorsCommand.AppointAsync(
            Load(line), line.GetValue(device)!, "user", Console.Out, Console.Error, cancellationToken));
        var token = new Command("token", "Makes a token with which a moderator's device may moderate.");
        token.Options.Add(device);
        token.Options.Add(expires);
        token.SetAction((line, cancellationToken) => ModeratorsCommand.IssueAsync(
            Load(line), line.GetValue(device)!, line.GetValue(expires), Console.Out, Console.Error, cancellationToken));
        return new Command("moderators", "Appoints moderators of calls at a running node.") { list, add, remove, token };
    }

    private static Command Doctor()
    {
        var command = new Command("doctor", "Checks the configuration, the data folder and the running node, and says what is wrong.");
        command.SetAction((line, cancellationToken) => DoctorCommand.RunAsync(Load(line), Console.Out, cancellationToken));
        return command;
    }

    private static Command Healthcheck()
    {
        var command = new Command("healthcheck", "Exits with 0 when the local server is ready; for container health checks.");
        command.SetAction((line, cancellationToken) => HealthcheckCommand.RunAsync(Load(line), Console.Error, cancellationToken));
        return command;
    }
}
