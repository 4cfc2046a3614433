using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Lists the migrations of a database, and compares its schema with this build's.</summary>
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
        var status = await DatabaseStatus.ReadAsync(context, connection, cancellationToken);
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
        Write(status.Changed, "changed since it was applied (accept it with repair)");
        Write(status.NotRecorded, "applied by another tool (record it with baseline)");
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
/// <param name="Applied">Applied migrations, oldest first.</param>
/// <param name="Pending">Migrations of this build that are not applied.</param>
/// <param name="Unknown">Migrations that this build does not know.</param>
/// <param name="Changed">Migrations that were changed after they were applied.</param>
/// <param name="NotRecorded">Migrations of this build that were applied, but not by this worker.</param>
/// <param name="Drift">Differences of the live schema from this build's; not looked for while something is pending or unknown.</param>
/// <param name="Invalid">
/// Constraints and indexes that are not valid, identities at their wrong place, and the like, with the SQL that helps.
/// </param>
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
    private const string InvalidObjects = """
        SELECT format('constraint %s of %s is not validated; run: ALTER TABLE %s VALIDATE CONSTRAINT %I;',
                conname, conrelid::regclass, conrelid::regclass, conname)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND NOT convalidated
                AND coalesce((to_jsonb(pg_constraint) ->> 'conenforced')::boolean, true)
        UNION ALL
        SELECT format('index %s is invalid; run: REINDEX INDEX CONCURRENTLY %s;', indexrelid::regclass, indexrelid::regclass)
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace AND NOT indisvalid
        UNION ALL
        SELECT format('setting %s switches triggers and foreign keys off; run: %s RESET session_replication_role;', setting,
                CASE WHEN setrole = 0 AND setdatabase = 0 THEN 'ALTER ROLE ALL'
                    WHEN setrole = 0 THEN format('ALTER DATABASE %I', current_database())
                    ELSE concat_ws(' ', format('ALTER ROLE %s', setrole::regrole),
                        CASE WHEN setdatabase <> 0 THEN format('IN DATABASE %I', current_database()) END) END)
            FROM pg_db_role_setting, unnest(setconfig) AS setting
            WHERE setting LIKE 'session_replication_role=%' AND setting <> 'session_replication_role=origin'
                AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;

    // For each identity column that this user may read, a query that compares its sequence with the existing keys.
    private const string IdentityQueries = """
        SELECT format(
            'SELECT format(%L, highest, last_value + is_called::integer) FROM %s, (SELECT max(%I) AS highest FROM %s) AS keys '
                'WHERE highest >= last_value + is_called::integer',
            format('identity %s.%s draws keys that are taken: the next is %%2$s, the highest %%1$s; run: SELECT setval(%L, %%1$s);',
                attrelid::regclass, attname, objid::regclass),
            objid::regclass, attname, attrelid::regclass)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum
            AND classid = 'pg_class'::regclass AND deptype = 'i'
        WHERE relnamespace = 'public'::regnamespace AND attidentity <> ''
            AND has_column_privilege(attrelid, attnum, 'SELECT') AND has_table_privilege(objid, 'SELECT')
        ORDER BY attrelid::regclass::text
        """;

    public bool IsCurrent => Pending.Count == 0 && Unknown.Count == 0 && !Problems.Any();

    /// <summary>The problems other than pending migrations, in a few words each.</summary>
    [JsonIgnore]
    public IEnumerable<string> Problems =>
        Changed.Select(id => $"{id} was changed since it was applied")
            .Concat(NotRecorded.Select(id => $"{id} was applied by another tool"))
            .Concat(Drift.Select(drift => drift.Describe()))
            .Concat(Invalid.Select(invalid => invalid.Split(';')[0]));

    public static async Task<DatabaseStatus> ReadAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        return new DatabaseStatus(
            connection.Database, connection.PostgreSqlVersion.ToString(), state.Applied, [.. state.Pending.Select(script => script.Id)],
            state.Unknown, state.Changed, state.NotRecorded,
            state.Pending.Count == 0 && state.Unknown.Count == 0 ? await FindDriftAsync(context, connection, cancellationToken) : [],
            [
                .. await connection.ListAsync<string>(InvalidObjects, cancellationToken),
                .. await FindTakenIdentitiesAsync(connection, cancellationToken),
            ],
            await StagingArea.DataSetAsync(connection, cancellationToken));
    }

    private static async Task<IReadOnlyList<SchemaDrift>> FindDriftAsync(
        CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [
            .. await SchemaDrift.FindAsync(connection, cancellationToken),
            .. await context.Rights().FindAsync(connection, cancellationToken),
        ];

    private static async Task<IReadOnlyList<string>> FindTakenIdentitiesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var queries = await connection.ListAsync<string>(IdentityQueries, cancellationToken);
        return queries.Count > 0
            ? await connection.ListAsync<string>(string.Join(" UNION ALL ", queries), cancellationToken)
            : [];
    }
}
