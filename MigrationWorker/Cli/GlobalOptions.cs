using System.CommandLine;
using System.Globalization;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Options that every command understands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = "Connection string of the database. Default: ConnectionStrings__moviedb of the environment, which Aspire sets.",
        HelpName = "STRING",
        Recursive = true,
    };

    public static readonly Option<double> ServerWait = Seconds(
        "--server-wait", 60, "How long to wait for a server that does not answer yet, in seconds.");

    public static readonly Option<double> LockWait = Seconds(
        "--lock-wait", 600, "How long to queue behind another worker, in seconds.");

    public static readonly Option<double> LockTimeout = Seconds(
        "--lock-timeout", 5, "How long a migration may wait for a table that others use, in seconds.");

    public static readonly Option<double> StatementTimeout = Seconds(
        "--statement-timeout", 3600, "How long one statement of a migration may run, in seconds; 0 for any time.");

    public static IEnumerable<Option> All => [Connection, ServerWait, LockWait, LockTimeout, StatementTimeout];

    private static Option<double> Seconds(string name, double value, string description)
    {
        var option = new Option<double>(name)
        {
            Description = description,
            HelpName = "SECONDS",
            Recursive = true,
            DefaultValueFactory = _ => value,
        };
        option.AcceptOnlyFromTo(0, 86_400);
        return option;
    }
}

/// <summary>Rejects numbers outside a range and names the range.</summary>
internal static class OptionRanges
{
    public static void AcceptOnlyFromTo(this Option option, double least, double most) => option.Validators.Add(result =>
    {
        // The tokens, since the value cannot be asked for where it is no number at all.
        foreach (var token in result.Tokens)
        {
            if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{option.Name} needs a number from {least} to {most}, not '{token.Value}'.");
            }
        }
    });
}
