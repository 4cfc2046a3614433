using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Tells which migrations a database has had, and whether its schema is this build's.</summary>
internal sealed class StatusCommand : WorkerCommand
{
    private readonly Option<bool> _json = WorkerJson.CreateOption();
    private readonly Option<bool> _check = new("--check")
    {
        Description = "Exit 1 when something is pending, changed, drifted or invalid.",
    };

    public StatusCommand()
        : base("status", "Lists applied, pending and unknown migrations, and drift of the schema.")
    {
        Options.Add(_json);
        Options.Add(_check);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        var status = await DatabaseStatus.ReadAsync(connection, cancellationToken);
        if (arguments.GetValue(_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(status, WorkerJson.Readable.DatabaseStatus));
        }
        else
        {
            Write(status);
        }

        return arguments.GetValue(_check) && !status.IsCurrent ? ExitCode.No : ExitCode.Ok;
    }

    private static void Write(DatabaseStatus status)
    {
        Console.WriteLine($"{status.Database} on PostgreSQL {status.Server}");
        Write(status.Applied.Except(status.Unknown), "applied");
        Write(status.Pending, "pending");
        Write(status.Unknown, "unknown to this build");
        Write(status.Changed, "changed since it was applied");
        Write(status.NotRecorded, "applied by another tool");
        foreach (var drift in status.Drift)
        {
            Console.WriteLine($"  drift    {drift.Describe()}; fix: {drift.Fix}");
        }

        foreach (var invalid in status.Invalid)
        {
            Console.WriteLine($"  invalid  {invalid}");
        }

        if (status.UnfinishedImport is { } dataSet)
        {
            Console.WriteLine($"  import   {StagingArea.Describe(dataSet)}");
        }

        Console.WriteLine(status.IsCurrent ? "Up to date." : "Not up to date.");
    }

    private static void Write(IEnumerable<string> migrations, string state)
    {
        foreach (var migration in migrations)
        {
            Console.WriteLine($"  {state,-8} {migration}");
        }
    }
}

/// <summary>Migrations, drift and unfinished import of a database.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Server">The server's version.</param>
/// <param name="Applied">Migrations that it has had, oldest first.</param>
/// <param name="Pending">Migrations of this build that it has not had.</param>
/// <param name="Unknown">Migrations that this build does not know.</param>
/// <param name="Changed">Migrations that were changed after they were applied.</param>
/// <param name="NotRecorded">Migrations of this build that were applied, but not by this worker.</param>
/// <param name="Drift">Differences of the live schema from this build's; not looked for while something is pending or unknown.</param>
/// <param name="Invalid">Constraints and indexes that are not valid, with the SQL that validates them.</param>
/// <param name="UnfinishedImport">
/// The data set of an import that was interrupted or is still running; null where there is none. It is no drift.
/// </param>
internal sealed record DatabaseStatus(
    string Database,
    string Server,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Pending,
    IReadOnlyList<string> Unknown,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> NotRecorded,
    IReadOnlyList<SchemaDrift> Drift,
    IReadOnlyList<string> Invalid,
    string? UnfinishedImport)
{
    public bool IsCurrent => Pending.Count == 0 && !Problems.Any();

    /// <summary>What is wrong although nothing is pending, each in a few words.</summary>
    [JsonIgnore]
    public IEnumerable<string> Problems =>
        Changed.Select(id => $"{id} was changed since it was applied")
            .Concat(NotRecorded.Select(id => $"{id} was applied by another tool"))
            .Concat(Drift.Select(drift => drift.Describe()))
            .Concat(Invalid.Select(invalid => invalid.Split(';')[0]));

    public static async Task<DatabaseStatus> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var drift = state.Pending.Count == 0 && state.Unknown.Count == 0
            ? SchemaDrift.Find(SchemaCatalog.ReadExpected(), await SchemaCatalog.ReadAsync(connection, cancellationToken))
            : [];
        return new DatabaseStatus(
            connection.Database, connection.PostgreSqlVersion.ToString(), state.Applied, [.. state.Pending.Select(script => script.Id)],
            state.Unknown, state.Changed, state.NotRecorded, drift,
            await connection.ListAsync<string>(Verification.InvalidObjects, cancellationToken),
            await StagingArea.DataSetAsync(connection, cancellationToken));
    }
}
