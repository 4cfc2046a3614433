using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A temporary database next to the live one, dropped at the end unless it has replaced the live one.</summary>
internal sealed class ShadowDatabase : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly NpgsqlConnection _inUse;
    private bool _kept;

    private ShadowDatabase(NpgsqlConnectionStringBuilder target, string name, NpgsqlConnection inUse)
    {
        _target = target;
        _inUse = inUse;
        Name = name;
    }

    public string Name { get; }

    public NpgsqlConnectionStringBuilder Target => new(_target.ConnectionString) { Database = Name, Pooling = false };

    /// <summary>Creates an empty database with the properties of <paramref name="target"/>.</summary>
    public static async Task<ShadowDatabase> CreateAsync(
        NpgsqlConnectionStringBuilder target, string purpose, CancellationToken cancellationToken)
    {
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var name = ShadowDatabaseName.Create(target.Database!, purpose, DateTimeOffset.UtcNow);
        try
        {
            await DatabaseProperties.CreateLikeAsync(maintenance, target.Database!, name, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            const string MayCreate = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user";
            var remedy = await maintenance.ScalarAsync<bool>(MayCreate, cancellationToken)
                ? "As a superuser grant that right."
                : $"As a superuser run: ALTER ROLE {maintenance.UserName!.QuoteIdentifier()} CREATEDB";
            throw new UserErrorException(
                $"User {maintenance.UserName} may not make the database that everything goes into first. "
                + $"{ErrorFormatter.FormatServer(e)} {remedy}",
                e);
        }

        try
        {
            // This connection marks the database as in use for LeftoverDatabases.
            return new ShadowDatabase(target, name, await ServerConnection.OpenAsync(target, name, cancellationToken));
        }
        catch
        {
            await TryDropAsync(maintenance, name);
            throw;
        }
    }

    /// <summary>
    /// Replaces the live database by this one, which gets its settings and rights. Returns the name under which the live one is kept.
    /// </summary>
    /// <exception cref="UserErrorException">A session on the live database could not be terminated; nothing was replaced.</exception>
    public async Task<string> ReplaceLiveAsync(ILogger log, CancellationToken cancellationToken)
    {
        var live = _target.Database!;
        List<string> refused;
        string kept;
        await using (var maintenance = await ServerConnection.OpenMaintenanceAsync(_target, cancellationToken))
        await using (var source = await ServerConnection.OpenAsync(_target, live, cancellationToken))
        {
            refused = [
                .. await DatabaseProperties.CopyGrantsAsync(source, _inUse, cancellationToken),
                .. await DatabaseProperties.CopyRestAsync(maintenance, live, Name, cancellationToken),
            ];
            kept = await ReplacedDatabase.CreateNameAsync(maintenance, live, cancellationToken);
        }

        // A database with connections cannot be renamed.
        await _inUse.DisposeAsync();
        await WorkerTelemetry.TraceAsync("swap", () => DatabaseSwap.RunAsync(_target, live, Name, kept, cancellationToken));
        _kept = true;
        if (refused.Count > 0)
        {
            log.LogWarning(
                "User {User} may not set everything that was set for {Database}. As a superuser run: {Statements}",
                _target.Username, live, string.Join(" ", refused.Select(statement => $"{statement};")));
        }

        return kept;
    }

    public async ValueTask DisposeAsync()
    {
        if (_kept)
        {
            return;
        }

        await _inUse.DisposeAsync();
        try
        {
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(_target, CancellationToken.None);
            await TryDropAsync(maintenance, Name);
        }
        catch (NpgsqlException)
        {
            // As there.
        }
    }

    private static async Task TryDropAsync(NpgsqlConnection maintenance, string name)
    {
        try
        {
            await maintenance.DropDatabaseAsync(name, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Most likely the server is gone, which is also why the work failed. The next restore drops the leftover.
        }
    }
}

/// <summary>Names of shadow databases: the live one's name, the purpose and the time.</summary>
internal static class ShadowDatabaseName
{
    /// <summary>Being filled by <c>restore</c> or <c>recreate</c>; not yet in use.</summary>
    public const string Restoring = "restoring";

    /// <summary>Filled by <c>verify-backup</c> and dropped at its end.</summary>
    public const string Verifying = "verifying";

    /// <summary>A former live database, which <c>restore</c> or <c>recreate</c> has replaced.</summary>
    public const string Replaced = "replaced";

    private const string TimeFormat = "yyyyMMdd_HHmmss_fff";

    // PostgreSQL silently truncates names after 63 bytes.
    private const int LongestLiveName = 63 - 1 - 9 - 1 - 19;

    public static string Create(string live, string purpose, DateTimeOffset at) =>
        Prefix(live, purpose) + at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>
    /// The time in the name of a shadow database of <paramref name="live"/> with this purpose, or null for another database.
    /// </summary>
    public static DateTimeOffset? Time(string name, string live, string purpose) =>
        name.StartsWith(Prefix(live, purpose), StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            name[Prefix(live, purpose).Length..], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static string Prefix(string live, string purpose)
    {
        var name = Encoding.UTF8.GetByteCount(live) <= LongestLiveName
            ? live
            : "db_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(live)))[..16];
        return $"{name}_{purpose}_";
    }
}

/// <summary>Shadow databases that killed workers have left.</summary>
internal static class LeftoverDatabases
{
    private const string Unused = """
        SELECT datname::text FROM pg_database
        WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid AND usesysid IS NOT NULL)
        """;

    /// <summary>
    /// Drops the databases that no living worker is filling. A worker that verifies stays connected. A worker that restores holds the
    /// worker's lock: if the caller is <paramref name="locked"/>, connected programs can only be leftovers of a killed worker.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DropAsync(
        NpgsqlConnection maintenance, string live, bool locked, CancellationToken cancellationToken)
    {
        var unused = await maintenance.ListAsync<string>(Unused, cancellationToken);
        var leftovers = unused.Where(name => ShadowDatabaseName.Time(name, live, ShadowDatabaseName.Verifying) is not null).ToList();
        if (locked)
        {
            var all = await maintenance.ListAsync<string>("SELECT datname::text FROM pg_database", cancellationToken);
            leftovers.AddRange(all.Where(name => ShadowDatabaseName.Time(name, live, ShadowDatabaseName.Restoring) is not null));
        }

        foreach (var name in leftovers)
        {
            await maintenance.DropDatabaseAsync(name, cancellationToken);
        }

        return leftovers;
    }
}
