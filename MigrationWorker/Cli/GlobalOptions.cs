using System.CommandLine;
using System.Globalization;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Fixtures;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Options of all commands, and those of most.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = "Connection string of the database. Default: ConnectionStrings__moviedb of the environment, which Aspire sets.",
        HelpName = "STRING",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet")
    {
        Description = "Say nothing but warnings, errors and what was asked for.",
        Recursive = true,
    };

    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Say how long each step took, and where in the program an error arose.",
        Recursive = true,
    };

    public static readonly SecondsOption ServerWait = new(
        "--server-wait", 60, "How long to wait for a server that does not answer yet, in seconds.");

    public static readonly SecondsOption LockWait = new(
        "--lock-wait", 600, "How long to queue behind another worker, in seconds.");

    public static readonly SecondsOption LockTimeout = new(
        "--lock-timeout", 5, "How long a migration may wait for a table that others use, in seconds.");

    public static readonly SecondsOption StatementTimeout = new(
        "--statement-timeout", 3600, "How long one statement of a migration may run, in seconds; 0 for any time.");

    static GlobalOptions() => Quiet.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<bool>() && result.GetValue(Verbose))
        {
            result.AddError("Give --quiet or --verbose, not both.");
        }
    });

    /// <summary>The options of all commands.</summary>
    public static IEnumerable<Option> All => [Connection, Quiet, Verbose];

    /// <summary>Adds to each command the options that it uses, so that its help shows no others.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in command is WorkerCommand ? HeededBy(command) : [])
        {
            command.Options.Add(option);
        }

        foreach (var subcommand in command.Subcommands)
        {
            AddTo(subcommand);
        }
    }

    private static IEnumerable<Option> HeededBy(Command command) => command switch
    {
        BackupsCommand or VerifyBackupCommand => [],
        StatusCommand or VerifyCommand or DumpCommand or RoleChangeCommand => [ServerWait],
        PlanCommand => [ServerWait, LockTimeout, StatementTimeout],
        UpCommand or MigrateCommand or RollbackCommand or RecreateCommand => [ServerWait, LockWait, LockTimeout, StatementTimeout],
        _ => [ServerWait, LockWait],
    };
}

/// <summary>A time limit, in seconds.</summary>
internal sealed class SecondsOption : Option<double>
{
    private readonly double _default;

    public SecondsOption(string name, double value, string description)
        : base(name)
    {
        _default = value;
        Description = description;
        HelpName = "SECONDS";
        DefaultValueFactory = _ => value;
        this.AcceptOnlyFromTo(0, 86_400);
    }

    /// <summary>The option's value, or its default if the command does not have the option.</summary>
    public TimeSpan GetValue(ParseResult arguments) =>
        TimeSpan.FromSeconds(arguments.GetResult(this) is null ? _default : arguments.GetValue(this));
}

/// <summary>Rejects numbers outside a range and names the range.</summary>
internal static class OptionRanges
{
    public static void AcceptOnlyFromTo(this Option option, double least, double most) => option.Validators.Add(result =>
    {
        // Parses the tokens, because reading the value throws if it is not a number.
        foreach (var token in result.Tokens)
        {
            if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{option.Name} needs a number from {least} to {most}, not '{token.Value}'.");
            }
        }
    });
}
