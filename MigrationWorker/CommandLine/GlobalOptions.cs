using System.CommandLine;

namespace MovieAspire.MigrationWorker.CommandLine;

/// <summary>Options that every command understands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = "Connection string of the database. Otherwise ConnectionStrings__moviedb of the environment, which Aspire sets.",
        HelpName = "STRING",
        Recursive = true,
    };

    public static readonly Option<TimeSpan> ServerWait = Seconds(
        "--server-wait", 60, "How long to wait for a server that does not answer yet, in seconds.");

    public static readonly Option<TimeSpan> LockWait = Seconds(
        "--lock-wait", 600, "How long to queue behind another worker, in seconds.");

    public static readonly Option<TimeSpan> LockTimeout = Seconds(
        "--lock-timeout", 5, "How long a migration may wait for a table that others use, in seconds.");

    public static readonly Option<TimeSpan> StatementTimeout = Seconds(
        "--statement-timeout", 3600, "How long one statement of a migration may run, in seconds; 0 for any time.");

    public static IEnumerable<Option> All => [Connection, ServerWait, LockWait, LockTimeout, StatementTimeout];

    private static Option<TimeSpan> Seconds(string name, int value, string description) => new(name)
    {
        Description = $"{description} Default: {value}.",
        HelpName = "SECONDS",
        Recursive = true,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(value),
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            result.AddError($"{name} needs a number of seconds from 0 to 86400, not '{result.Tokens[0].Value}'.");
            return default;
        },
    };
}
